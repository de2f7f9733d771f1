-- grain: one version of one case, in the order of its extracts
-- Gives the versions that history does not hold yet. A version is a change by extract date. What is new is held against
-- the version that stands; only where an older extract came late are the versions of the keys that it touches made anew,
-- from every delivery of theirs.
with new_deliveries as (
    select
        deliveries.delivery_no,
        deliveries.world_rank,
        deliveries.snapshot_rank
    from model.deliveries as deliveries
    where deliveries.feeds = 'cases'
        and deliveries.taken_in = $refresh_no
),

overtaken as (
    -- taken before, and later in the world than something new
    select earlier.delivery_no
    from model.deliveries as earlier
    where earlier.feeds = 'cases'
        and earlier.taken_in < $refresh_no
        and earlier.world_rank > (select min(new_deliveries.world_rank) from new_deliveries)
),

touched as (
    select delivered.case_key
    from staged.new_cases as delivered
    union
    -- a new snapshot may be silent about any key
    select history.case_key
    from model.case_history as history
    where exists (select 1 from new_deliveries where new_deliveries.snapshot_rank is not null)
),

set_aside as (
    select distinct
        set_aside.delivery_no,
        set_aside.record,
        set_aside.case_key as case_key
    from quality.set_aside as set_aside
),

standing as (
    select
        history.case_key,
        max(deliveries.world_rank) as world_rank
    from model.case_history as history
    inner join touched on history.case_key = touched.case_key
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where not exists (select 1 from overtaken)
    group by history.case_key
),

stood as (
    select
        standing.case_key,
        standing.world_rank,
        history.row_hash,
        history.presence
    from standing
    inner join model.deliveries as deliveries
        on standing.world_rank = deliveries.world_rank
        and deliveries.feeds = 'cases'
    inner join model.case_history as history
        on standing.case_key = history.case_key
        and deliveries.delivery_no = history.delivery_no
),

rows_to_look_at as (
    select
        delivered.case_key,
        delivered.delivery_no,
        delivered.record,
        md5(concat_ws(
            chr(31),
            coalesce(delivered.case_number, ''),
            coalesce(delivered.court_code, ''),
            coalesce(cast(delivered.number_year as varchar), ''),
            coalesce(delivered.number_form, ''),
            coalesce(delivered.type_characters, ''),
            coalesce(delivered.special_code, ''),
            coalesce(cast(delivered.serial as varchar), ''),
            coalesce(delivered.type_code, ''),
            coalesce(delivered.procedure, ''),
            coalesce(delivered.bench_code, ''),
            coalesce(delivered.judge_code, ''),
            coalesce(cast(delivered.registered_on as varchar), ''),
            coalesce(cast(delivered.closed_on as varchar), ''),
            coalesce(cast(delivered.reopened_on as varchar), ''),
            coalesce(delivered.closing_manner, ''),
            coalesce(delivered.origin_case_number, ''),
            coalesce(delivered.origin_case_key, ''),
            coalesce(cast(delivered.is_private_prosecution as varchar), ''),
            coalesce(cast(delivered.transferred_in as varchar), ''),
            coalesce(cast(delivered.is_void as varchar), ''),
            coalesce(cast(delivered.amount_applied as varchar), ''),
            coalesce(cast(delivered.amount_realised as varchar), '')
        )) as row_hash
    from staged.new_cases as delivered
    union all
    select
        delivered.case_key,
        delivered.delivery_no,
        delivered.record,
        md5(concat_ws(
            chr(31),
            coalesce(delivered.case_number, ''),
            coalesce(delivered.court_code, ''),
            coalesce(cast(delivered.number_year as varchar), ''),
            coalesce(delivered.number_form, ''),
            coalesce(delivered.type_characters, ''),
            coalesce(delivered.special_code, ''),
            coalesce(cast(delivered.serial as varchar), ''),
            coalesce(delivered.type_code, ''),
            coalesce(delivered.procedure, ''),
            coalesce(delivered.bench_code, ''),
            coalesce(delivered.judge_code, ''),
            coalesce(cast(delivered.registered_on as varchar), ''),
            coalesce(cast(delivered.closed_on as varchar), ''),
            coalesce(cast(delivered.reopened_on as varchar), ''),
            coalesce(delivered.closing_manner, ''),
            coalesce(delivered.origin_case_number, ''),
            coalesce(delivered.origin_case_key, ''),
            coalesce(cast(delivered.is_private_prosecution as varchar), ''),
            coalesce(cast(delivered.transferred_in as varchar), ''),
            coalesce(cast(delivered.is_void as varchar), ''),
            coalesce(cast(delivered.amount_applied as varchar), ''),
            coalesce(cast(delivered.amount_realised as varchar), '')
        )) as row_hash
    from staged.cases as delivered
    inner join touched on delivered.case_key = touched.case_key
    left join new_deliveries on delivered.delivery_no = new_deliveries.delivery_no
    where exists (select 1 from overtaken)
        and new_deliveries.delivery_no is null
        and not delivered.is_duplicate
),

observations as (
    select
        rows_to_look_at.case_key,
        rows_to_look_at.delivery_no,
        rows_to_look_at.record,
        deliveries.world_rank,
        deliveries.snapshot_rank,
        rows_to_look_at.row_hash
    from rows_to_look_at
    inner join model.deliveries as deliveries on rows_to_look_at.delivery_no = deliveries.delivery_no
    left join set_aside
        on rows_to_look_at.delivery_no = set_aside.delivery_no
        and rows_to_look_at.record = set_aside.record
    where set_aside.record is null
),

in_snapshots as (
    select
        observations.case_key,
        observations.snapshot_rank
    from observations
    where observations.snapshot_rank is not null
    union
    -- a row that was set aside is no silence: the case was there
    select
        set_aside.case_key,
        deliveries.snapshot_rank
    from set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
    where deliveries.snapshot_rank is not null
        and deliveries.feeds = 'cases'
        and set_aside.case_key is not null
        and (deliveries.taken_in = $refresh_no or exists (select 1 from overtaken))
    union
    -- what stands was in the last snapshot, whenever it was stored
    select
        stood.case_key,
        (
            select max(deliveries.snapshot_rank)
            from model.deliveries as deliveries
            where deliveries.feeds = 'cases'
                and deliveries.taken_in < $refresh_no
        ) as snapshot_rank
    from stood
    where stood.presence <> 'absent'
),

appearances as (
    select
        in_snapshots.case_key,
        in_snapshots.snapshot_rank,
        lead(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.case_key order by in_snapshots.snapshot_rank
        ) as rank_after
    from in_snapshots
),

silences as (
    select
        appearances.case_key,
        deliveries.delivery_no,
        deliveries.world_rank
    from appearances
    inner join model.deliveries as deliveries
        on deliveries.snapshot_rank = appearances.snapshot_rank + 1
        and deliveries.feeds = 'cases'
    where appearances.rank_after is null
        or appearances.rank_after > appearances.snapshot_rank + 1
),

statements as (
    select
        observations.case_key,
        observations.delivery_no,
        observations.record,
        observations.world_rank,
        observations.row_hash,
        'seen' as presence
    from observations
    union all
    select
        silences.case_key,
        silences.delivery_no,
        cast(null as bigint) as record,
        silences.world_rank,
        cast(null as varchar) as row_hash,
        'absent' as presence
    from silences
    union all
    select
        stood.case_key,
        cast(null as bigint) as delivery_no,
        cast(null as bigint) as record,
        stood.world_rank,
        stood.row_hash,
        stood.presence
    from stood
),

changes as (
    select
        statements.case_key,
        statements.delivery_no,
        statements.record,
        statements.row_hash,
        statements.presence,
        lag(statements.row_hash) over (partition by statements.case_key order by statements.world_rank) as hash_before,
        lag(statements.presence) over (partition by statements.case_key order by statements.world_rank) as presence_before
    from statements
),

told as (
    -- absent is only what was there before; what was absent has returned, also with the content that it had
    select
        changes.case_key,
        changes.delivery_no,
        changes.record,
        changes.row_hash,
        case when changes.presence = 'seen' and changes.presence_before = 'absent' then 'returned' else changes.presence end
            as presence
    from changes
    where changes.delivery_no is not null
        and case
            when changes.presence = 'absent' then coalesce(changes.presence_before, 'absent') <> 'absent'
            else changes.hash_before is null or changes.hash_before <> changes.row_hash
        end
)

select
    told.case_key,
    told.delivery_no,
    cast($refresh_no as bigint) as known_from,
    told.presence,
    told.row_hash,
    told.record,
    delivered.line,
    delivered.case_number,
    delivered.court_code,
    delivered.number_year,
    delivered.number_form,
    delivered.type_characters,
    delivered.special_code,
    delivered.serial,
    delivered.type_code,
    delivered.procedure,
    delivered.bench_code,
    delivered.judge_code,
    delivered.registered_on,
    delivered.closed_on,
    delivered.reopened_on,
    delivered.closing_manner,
    delivered.origin_case_number,
    delivered.origin_case_key,
    delivered.is_private_prosecution,
    delivered.transferred_in,
    delivered.is_void,
    delivered.amount_applied,
    delivered.amount_realised
from told
inner join staged.cases as delivered
    on told.delivery_no = delivered.delivery_no
    and told.record = delivered.record
left join model.case_history as known
    on told.case_key = known.case_key
    and told.delivery_no = known.delivery_no
where known.delivery_no is null
union all
select
    told.case_key,
    told.delivery_no,
    cast($refresh_no as bigint) as known_from,
    'absent' as presence,
    cast(null as varchar) as row_hash,
    cast(null as bigint) as record,
    cast(null as bigint) as line,
    cast(null as varchar) as case_number,
    cast(null as varchar) as court_code,
    cast(null as integer) as number_year,
    cast(null as varchar) as number_form,
    cast(null as varchar) as type_characters,
    cast(null as varchar) as special_code,
    cast(null as bigint) as serial,
    cast(null as varchar) as type_code,
    cast(null as varchar) as procedure,
    cast(null as varchar) as bench_code,
    cast(null as varchar) as judge_code,
    cast(null as date) as registered_on,
    cast(null as date) as closed_on,
    cast(null as date) as reopened_on,
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as origin_case_number,
    cast(null as varchar) as origin_case_key,
    cast(null as boolean) as is_private_prosecution,
    cast(null as boolean) as transferred_in,
    cast(null as boolean) as is_void,
    cast(null as decimal(18,2)) as amount_applied,
    cast(null as decimal(18,2)) as amount_realised
from told
left join model.case_history as known
    on told.case_key = known.case_key
    and told.delivery_no = known.delivery_no
where told.presence = 'absent'
    and known.delivery_no is null
