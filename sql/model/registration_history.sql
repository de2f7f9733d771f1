-- grain: one version of one application, in the order of its extracts
-- Gives the versions that history does not hold yet. A version is a change by extract date, so a late, older extract
-- makes the versions of the keys that it touches anew, from every delivery of theirs.
with new_deliveries as (
    select
        deliveries.delivery_no,
        deliveries.snapshot_rank
    from model.deliveries as deliveries
    where deliveries.feeds = 'registrations'
        and deliveries.taken_in = $refresh_no
),

touched as (
    select delivered.application_key
    from staged.registrations as delivered
    inner join new_deliveries on delivered.delivery_no = new_deliveries.delivery_no
    union
    -- a new snapshot may be silent about any key
    select history.application_key
    from model.registration_history as history
    where exists (select 1 from new_deliveries where new_deliveries.snapshot_rank is not null)
),

set_aside as (
    select distinct
        set_aside.delivery_no,
        set_aside.record,
        set_aside.case_key as application_key
    from quality.set_aside as set_aside
),

observations as (
    select
        delivered.application_key,
        delivered.delivery_no,
        delivered.record,
        deliveries.world_rank,
        deliveries.snapshot_rank,
        md5(concat_ws(
            chr(31),
            coalesce(delivered.court_code, ''),
            coalesce(cast(delivered.received_on as varchar), ''),
            coalesce(delivered.channel, ''),
            coalesce(delivered.population, ''),
            coalesce(delivered.first_decision, ''),
            coalesce(cast(delivered.decided_on as varchar), ''),
            coalesce(cast(delivered.correction_notice_on as varchar), ''),
            coalesce(cast(delivered.corrected_material_on as varchar), ''),
            coalesce(cast(delivered.registered_on as varchar), ''),
            coalesce(delivered.case_number, ''),
            coalesce(delivered.case_key, '')
        )) as row_hash
    from staged.registrations as delivered
    inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
    inner join touched on delivered.application_key = touched.application_key
    left join set_aside
        on delivered.delivery_no = set_aside.delivery_no
        and delivered.record = set_aside.record
    where set_aside.record is null
        and not delivered.is_duplicate
),

in_snapshots as (
    select
        observations.application_key,
        observations.snapshot_rank
    from observations
    where observations.snapshot_rank is not null
    union
    -- a row that was set aside is no silence: the application was there
    select
        set_aside.application_key,
        deliveries.snapshot_rank
    from set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
    where deliveries.snapshot_rank is not null
        and deliveries.feeds = 'registrations'
        and set_aside.application_key is not null
),

appearances as (
    select
        in_snapshots.application_key,
        in_snapshots.snapshot_rank,
        lag(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.application_key order by in_snapshots.snapshot_rank
        ) as rank_before,
        lead(in_snapshots.snapshot_rank) over (
            partition by in_snapshots.application_key order by in_snapshots.snapshot_rank
        ) as rank_after
    from in_snapshots
),

silences as (
    select
        appearances.application_key,
        deliveries.delivery_no
    from appearances
    inner join model.deliveries as deliveries
        on deliveries.snapshot_rank = appearances.snapshot_rank + 1
        and deliveries.feeds = 'registrations'
    where appearances.rank_after is null
        or appearances.rank_after > appearances.snapshot_rank + 1
),

changes as (
    select
        observations.application_key,
        observations.delivery_no,
        observations.record,
        observations.row_hash,
        case
            when appearances.rank_before < observations.snapshot_rank - 1 then 'returned'
            else 'seen'
        end as presence,
        lag(observations.row_hash) over (
            partition by observations.application_key order by observations.world_rank
        ) as hash_before
    from observations
    left join appearances
        on observations.application_key = appearances.application_key
        and observations.snapshot_rank = appearances.snapshot_rank
)

select
    changes.application_key,
    changes.delivery_no,
    cast($refresh_no as bigint) as known_from,
    changes.presence,
    changes.row_hash,
    changes.record,
    delivered.line,
    delivered.court_code,
    delivered.received_on,
    delivered.channel,
    delivered.population,
    delivered.first_decision,
    delivered.decided_on,
    delivered.correction_notice_on,
    delivered.corrected_material_on,
    delivered.registered_on,
    delivered.case_number,
    delivered.case_key
from changes
inner join staged.registrations as delivered
    on changes.delivery_no = delivered.delivery_no
    and changes.record = delivered.record
left join model.registration_history as known
    on changes.application_key = known.application_key
    and changes.delivery_no = known.delivery_no
where known.delivery_no is null
    and (changes.hash_before is null or changes.hash_before <> changes.row_hash or changes.presence = 'returned')
union all
select
    silences.application_key,
    silences.delivery_no,
    cast($refresh_no as bigint) as known_from,
    'absent' as presence,
    cast(null as varchar) as row_hash,
    cast(null as bigint) as record,
    cast(null as bigint) as line,
    cast(null as varchar) as court_code,
    cast(null as date) as received_on,
    cast(null as varchar) as channel,
    cast(null as varchar) as population,
    cast(null as varchar) as first_decision,
    cast(null as date) as decided_on,
    cast(null as date) as correction_notice_on,
    cast(null as date) as corrected_material_on,
    cast(null as date) as registered_on,
    cast(null as varchar) as case_number,
    cast(null as varchar) as case_key
from silences
left join model.registration_history as known
    on silences.application_key = known.application_key
    and silences.delivery_no = known.delivery_no
where known.delivery_no is null
