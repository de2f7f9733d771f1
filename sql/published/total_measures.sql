-- grain: one source, measure and set of dimensions whose totals stand at $refresh_no
with known as (
    select
        history.total_key,
        max(deliveries.world_rank) as world_rank
    from model.total_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
    group by history.total_key
)

select
    versions.source,
    versions.measure,
    min(versions.measure_kind) as measure_kind,
    min(versions.unit) as unit,
    count(distinct coalesce(versions.unit, '')) as units,
    regexp_replace(versions.dims, '=[^,]*', '', 'g') as dimensions,
    count(*) as totals,
    min(versions.first_day) as first_day,
    max(versions.last_day) as last_day,
    min_by(versions.period, versions.first_day) as first_period,
    max_by(versions.period, versions.last_day) as last_period
from known
inner join model.total_history as versions on known.total_key = versions.total_key
inner join model.deliveries as deliveries
    on versions.delivery_no = deliveries.delivery_no
    and known.world_rank = deliveries.world_rank
where versions.known_from <= $refresh_no
    and versions.presence <> 'absent'
group by
    versions.source,
    versions.measure,
    regexp_replace(versions.dims, '=[^,]*', '', 'g')
order by
    versions.source,
    versions.measure
