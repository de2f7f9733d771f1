-- grain: one version of one case, in the order of its extracts
-- Gives the versions that history does not hold yet. A version is a change by extract date, so a late, older extract
-- makes the versions of the keys that it touches anew, from every delivery of theirs.
with new_deliveries as (
    select
        deliveries.delivery_no,
        deliveries.snapshot_rank
    from model.deliveries as deliveries
    where deliveries.feeds = 'cases'
        and deliveries.taken_in = $refresh_no
),

touched as (
    select delivered.case_key
    from staged.cases as delivered
    inner join new_deliveries on delivered.delivery_no = new_deliveries.delivery_no
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

observations as (
    select
        delivered.case_key,
        delivered.delivery_no,
        delivered.record,
        deliveries.world_rank,
        deliveries.snapshot_rank,
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
    inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
    inner join touched on delivered.case_key = touched.case_key
    left join set_aside
        on delivered.delivery_no = set_aside.delivery_no
        and delivered.record = set_aside.record
    where set_aside.record is null
        and not delivered.is_duplicate
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
),

appearances as (
    select
        in_snapshots.case_key,
        in_snapshots.snapshot_rank,
        lag(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.case_key order by in_snapshots.snapshot_rank
        ) as rank_before,
        lead(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.case_key order by in_snapshots.snapshot_rank
        ) as rank_after
    from in_snapshots
),

silences as (
    select
        appearances.case_key,
        deliveries.delivery_no
    from appearances
    inner join model.deliveries as deliveries
        on deliveries.snapshot_rank = appearances.snapshot_rank + 1
        and deliveries.feeds = 'cases'
    where appearances.rank_after is null
        or appearances.rank_after > appearances.snapshot_rank + 1
),

changes as (
    select
        observations.case_key,
        observations.delivery_no,
        observations.record,
        observations.row_hash,
        case
            when appearances.rank_before < observations.snapshot_rank - 1 then 'returned'
            else 'seen'
        end as presence,
        lag(observations.row_hash) over (
            partition by observations.case_key order by observations.world_rank
        ) as hash_before
    from observations
    left join appearances
        on observations.case_key = appearances.case_key
        and observations.snapshot_rank = appearances.snapshot_rank
)

select
    changes.case_key,
    changes.delivery_no,
    cast($refresh_no as bigint) as known_from,
    changes.presence,
    changes.row_hash,
    changes.record,
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
from changes
inner join staged.cases as delivered
    on changes.delivery_no = delivered.delivery_no
    and changes.record = delivered.record
left join model.case_history as known
    on changes.case_key = known.case_key
    and changes.delivery_no = known.delivery_no
where known.delivery_no is null
    and (changes.hash_before is null or changes.hash_before <> changes.row_hash or changes.presence = 'returned')
union all
select
    silences.case_key,
    silences.delivery_no,
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
from silences
left join model.case_history as known
    on silences.case_key = known.case_key
    and silences.delivery_no = known.delivery_no
where known.delivery_no is null
