-- grain: one version of one asked published total, as known at $refresh_no; the latest has no version after it
-- $pairs are dimensions as name=value, all of which a total must have; $first_day and $last_day hold its period inside them.
with versions as (
    select
        history.total_key,
        history.source,
        history.measure,
        history.measure_kind,
        history.period,
        history.period_kind,
        history.first_day,
        history.last_day,
        history.dims,
        history.presence,
        history.value,
        history.unit,
        history.note,
        history.known_from,
        history.record,
        history.line,
        history.delivery_no,
        deliveries.extract_on,
        deliveries.file,
        deliveries.sha256,
        deliveries.places,
        deliveries.world_rank
    from model.total_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
        and history.measure = $measure
        and ($source is null or history.source = $source)
        and list_has_all(string_split(history.dims, ','), cast($pairs as varchar[]))
        and ($first_day is null or history.first_day >= cast($first_day as date))
        and ($last_day is null or history.last_day <= cast($last_day as date))
),

told as (
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
        versions.presence,
        versions.value,
        versions.unit,
        versions.note,
        versions.known_from,
        versions.record,
        versions.line,
        versions.delivery_no,
        versions.extract_on,
        versions.file,
        versions.sha256,
        versions.places,
        versions.world_rank,
        lag(versions.value) over (partition by versions.total_key order by versions.world_rank) as value_before,
        lag(versions.presence) over (partition by versions.total_key order by versions.world_rank) as presence_before,
        lag(versions.delivery_no) over (partition by versions.total_key order by versions.world_rank) as delivery_before,
        lead(versions.delivery_no) over (partition by versions.total_key order by versions.world_rank) as delivery_after
    from versions
)

select
    told.total_key,
    told.source,
    told.measure,
    told.measure_kind as kind,
    told.period,
    told.period_kind,
    told.first_day,
    told.last_day,
    told.dims,
    told.presence,
    told.value,
    told.unit,
    told.note,
    told.known_from,
    told.record,
    told.line,
    told.delivery_no,
    told.extract_on,
    told.file,
    told.sha256,
    told.places,
    told.value_before,
    told.presence_before,
    told.delivery_before
from told
where $is_history
    or (told.delivery_after is null and told.presence <> 'absent')
order by
    told.source,
    told.first_day nulls last,
    told.period,
    told.dims,
    told.world_rank
