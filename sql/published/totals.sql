-- grain: one published total, its latest version; one that the last snapshot of its source no longer names is gone
with latest as (
    select
        history.total_key,
        max(deliveries.world_rank) as world_rank
    from model.total_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    group by history.total_key
)

select
    versions.total_key,
    versions.source,
    versions.measure,
    versions.measure_kind,
    versions.period,
    versions.period_kind,
    versions.first_day,
    versions.last_day,
    versions.dims,
    versions.value,
    versions.unit,
    versions.note,
    deliveries.extract_on,
    versions.delivery_no,
    versions.known_from,
    versions.record,
    versions.line
from latest
inner join model.total_history as versions on latest.total_key = versions.total_key
inner join model.deliveries as deliveries
    on versions.delivery_no = deliveries.delivery_no
    and latest.world_rank = deliveries.world_rank
where versions.presence <> 'absent'
