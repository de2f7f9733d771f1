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
        delivered.delivery_no,
        delivered.record,
        deliveries.source,
        deliveries.world_rank,
        deliveries.snapshot_rank,
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

aside_in_snapshots as (
    -- a row that was set aside is no silence: its totals were there
    select distinct
        delivered.total_key,
        deliveries.source,
        deliveries.snapshot_rank
    from set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
    inner join staged.totals as delivered on set_aside.row_key = delivered.row_key
    inner join touched on delivered.total_key = touched.total_key
    left join observations
        on delivered.total_key = observations.total_key
        and set_aside.delivery_no = observations.delivery_no
    where deliveries.snapshot_rank is not null
        and deliveries.feeds = 'totals'
        and observations.total_key is null
),

in_snapshots as (
    select
        observations.total_key,
        observations.source,
        observations.snapshot_rank
    from observations
    where observations.snapshot_rank is not null
    union all
    select
        aside_in_snapshots.total_key,
        aside_in_snapshots.source,
        aside_in_snapshots.snapshot_rank
    from aside_in_snapshots
),

appearances as (
    select
        in_snapshots.total_key,
        in_snapshots.source,
        in_snapshots.snapshot_rank,
        lead(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.total_key order by in_snapshots.snapshot_rank
        ) as rank_after
    from in_snapshots
),

silences as (
    select
        appearances.total_key,
        deliveries.delivery_no,
        deliveries.world_rank
    from appearances
    inner join model.deliveries as deliveries
        on deliveries.snapshot_rank = appearances.snapshot_rank + 1
        and deliveries.source = appearances.source
    where appearances.rank_after is null
        or appearances.rank_after > appearances.snapshot_rank + 1
),

statements as (
    select
        observations.total_key,
        observations.delivery_no,
        observations.record,
        observations.world_rank,
        observations.content,
        'seen' as presence
    from observations
    union all
    select
        silences.total_key,
        silences.delivery_no,
        cast(null as bigint) as record,
        silences.world_rank,
        cast(null as varchar) as content,
        'absent' as presence
    from silences
),

changes as (
    select
        statements.total_key,
        statements.delivery_no,
        statements.record,
        statements.content,
        statements.presence,
        lag(statements.content) over (partition by statements.total_key order by statements.world_rank) as content_before,
        lag(statements.presence) over (partition by statements.total_key order by statements.world_rank) as presence_before
    from statements
),

versions as (
    -- absent is only what was there before; what was absent has returned, also with the value that it had
    select
        changes.total_key,
        changes.delivery_no,
        changes.record,
        case when changes.presence = 'seen' and changes.presence_before = 'absent' then 'returned' else changes.presence end
            as presence
    from changes
    where case
            when changes.presence = 'absent' then coalesce(changes.presence_before, 'absent') <> 'absent'
            else changes.content_before is null or changes.content_before <> changes.content
        end
)

select
    versions.total_key,
    versions.delivery_no,
    cast($refresh_no as bigint) as known_from,
    versions.presence,
    versions.record,
    delivered.line,
    deliveries.source,
    delivered.measure,
    delivered.measure_kind,
    delivered.period,
    delivered.period_kind,
    delivered.first_day,
    delivered.last_day,
    delivered.dims,
    delivered.value,
    delivered.unit,
    delivered.note
from versions
inner join model.deliveries as deliveries on versions.delivery_no = deliveries.delivery_no
inner join staged.totals as delivered
    on versions.delivery_no = delivered.delivery_no
    and versions.record = delivered.record
    and versions.total_key = delivered.total_key
left join model.total_history as known
    on versions.total_key = known.total_key
    and versions.delivery_no = known.delivery_no
where known.delivery_no is null
union all
-- what a total is of follows from its key, so any row that ever gave it says it
select
    versions.total_key,
    versions.delivery_no,
    cast($refresh_no as bigint) as known_from,
    'absent' as presence,
    cast(null as bigint) as record,
    cast(null as bigint) as line,
    min(deliveries.source) as source,
    min(delivered.measure) as measure,
    min(delivered.measure_kind) as measure_kind,
    min(delivered.period) as period,
    min(delivered.period_kind) as period_kind,
    min(delivered.first_day) as first_day,
    min(delivered.last_day) as last_day,
    min(delivered.dims) as dims,
    cast(null as decimal(38,20)) as value,
    cast(null as varchar) as unit,
    cast(null as varchar) as note
from versions
inner join model.deliveries as deliveries on versions.delivery_no = deliveries.delivery_no
inner join staged.totals as delivered on versions.total_key = delivered.total_key
left join model.total_history as known
    on versions.total_key = known.total_key
    and versions.delivery_no = known.delivery_no
where versions.presence = 'absent'
    and known.delivery_no is null
group by
    versions.total_key,
    versions.delivery_no
