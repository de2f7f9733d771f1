-- grain: one of the cases $keys that was opened again, with the line of the version that told its first closing
with versions as (
    select
        spells.case_key,
        history.case_number,
        history.delivery_no,
        history.record,
        history.line,
        row_number() over (partition by spells.case_key order by deliveries.world_rank desc) as place
    from model.case_spells as spells
    inner join model.case_versions as history
        on spells.case_key = history.case_key
        and spells.closed_on = history.closed_on
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where list_contains(cast($keys as varchar[]), spells.case_key)
        and spells.opened_as = 'filed'
        and history.known_from <= $refresh_no
)

select
    versions.case_key as member_key,
    versions.case_number,
    versions.delivery_no,
    versions.record,
    versions.line
from versions
inner join model.cases as cases on versions.case_key = cases.case_key
where versions.place = 1
    and cases.reopened_on is not null
    and (versions.delivery_no <> cases.delivery_no or versions.record <> cases.record)
