-- grain: one version of one published total, in the order of its extracts
-- Gives the versions that history does not hold yet. A version is a change by extract date, so a late, older extract
-- makes the versions of the keys that it touches anew, from every delivery of theirs. Ranks are of one source.
with new_deliveries as (
    select
        deliveries.delivery_no,
        deliveries.source,
        deliveries.snapshot_rank
    from model.deliveries as deliveries
    where deliveries.feeds = 'totals'
        and deliveries.taken_in = $refresh_no
),

touched as (
    select delivered.total_key
    from staged.totals as delivered
    inner join new_deliveries on delivered.delivery_no = new_deliveries.delivery_no
    union
    -- a new snapshot may be silent about any total of its source
    select history.total_key
    from model.total_history as history
    inner join new_deliveries on history.source = new_deliveries.source
    where new_deliveries.snapshot_rank is not null
),

set_aside as (
    select distinct
        set_aside.delivery_no,
        set_aside.record,
        set_aside.case_key as row_key
    from quality.set_aside as set_aside
),

observations as (
    select
        delivered.total_key,
        delivered.row_key,
        delivered.delivery_no,
        delivered.record,
        deliveries.source,
        deliveries.world_rank,
        deliveries.snapshot_rank,
        delivered.line,
        delivered.measure,
        delivered.measure_kind,
        delivered.period,
        delivered.period_kind,
        delivered.first_day,
        delivered.last_day,
        delivered.dims,
        delivered.value,
        delivered.unit,
        delivered.note,
        concat_ws(
            chr(31),
            coalesce(cast(delivered.value as varchar), ''),
            coalesce(delivered.unit, ''),
            coalesce(delivered.note, '')
        ) as content
    from staged.totals as delivered
    inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
    inner join touched on delivered.total_key = touched.total_key
    left join set_aside
        on delivered.delivery_no = set_aside.delivery_no
        and delivered.record = set_aside.record
    where set_aside.record is null
        and not delivered.is_duplicate
),

totals_known as (
    select
        observations.total_key,
        min(observations.source) as source,
        min(observations.row_key) as row_key,
        min(observations.measure) as measure,
        min(observations.measure_kind) as measure_kind,
        min(observations.period) as period,
        min(observations.period_kind) as period_kind,
        min(observations.first_day) as first_day,
        min(observations.last_day) as last_day,
        min(observations.dims) as dims
    from observations
    group by observations.total_key
),

in_snapshots as (
    select
        observations.total_key,
        observations.source,
        observations.snapshot_rank
    from observations
    where observations.snapshot_rank is not null
    union
    -- a row that was set aside is no silence: the total was there
    select
        totals_known.total_key,
        totals_known.source,
        deliveries.snapshot_rank
    from set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
    inner join totals_known on set_aside.row_key = totals_known.row_key
    where deliveries.snapshot_rank is not null
        and deliveries.source = totals_known.source
),

appearances as (
    select
        in_snapshots.total_key,
        in_snapshots.source,
        in_snapshots.snapshot_rank,
        lag(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.total_key order by in_snapshots.snapshot_rank
        ) as rank_before,
        lead(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.total_key order by in_snapshots.snapshot_rank
        ) as rank_after
    from in_snapshots
),

silences as (
    select
        appearances.total_key,
        deliveries.delivery_no
    from appearances
    inner join model.deliveries as deliveries
        on deliveries.snapshot_rank = appearances.snapshot_rank + 1
        and deliveries.source = appearances.source
    where appearances.rank_after is null
        or appearances.rank_after > appearances.snapshot_rank + 1
),

changes as (
    select
        observations.total_key,
        observations.delivery_no,
        observations.record,
        observations.line,
        observations.source,
        observations.measure,
        observations.measure_kind,
        observations.period,
        observations.period_kind,
        observations.first_day,
        observations.last_day,
        observations.dims,
        observations.value,
        observations.unit,
        observations.note,
        observations.content,
        case
            when appearances.rank_before < observations.snapshot_rank - 1 then 'returned'
            else 'seen'
        end as presence,
        lag(observations.content) over (
            partition by observations.total_key order by observations.world_rank
        ) as content_before
    from observations
    left join appearances
        on observations.total_key = appearances.total_key
        and observations.snapshot_rank = appearances.snapshot_rank
)

select
    changes.total_key,
    changes.delivery_no,
    cast($refresh_no as bigint) as known_from,
    changes.presence,
    changes.record,
    changes.line,
    changes.source,
    changes.measure,
    changes.measure_kind,
    changes.period,
    changes.period_kind,
    changes.first_day,
    changes.last_day,
    changes.dims,
    changes.value,
    changes.unit,
    changes.note
from changes
left join model.total_history as known
    on changes.total_key = known.total_key
    and changes.delivery_no = known.delivery_no
where known.delivery_no is null
    and (
        changes.content_before is null
        or changes.content_before <> changes.content
        or changes.presence = 'returned'
    )
union all
select
    silences.total_key,
    silences.delivery_no,
    cast($refresh_no as bigint) as known_from,
    'absent' as presence,
    cast(null as bigint) as record,
    cast(null as bigint) as line,
    totals_known.source,
    totals_known.measure,
    totals_known.measure_kind,
    totals_known.period,
    totals_known.period_kind,
    totals_known.first_day,
    totals_known.last_day,
    totals_known.dims,
    cast(null as decimal(38,20)) as value,
    cast(null as varchar) as unit,
    cast(null as varchar) as note
from silences
inner join totals_known on silences.total_key = totals_known.total_key
left join model.total_history as known
    on silences.total_key = known.total_key
    and silences.delivery_no = known.delivery_no
where known.delivery_no is null
