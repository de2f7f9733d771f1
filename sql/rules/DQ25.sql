-- grain: one case that breaks the rule
with ended as (
    select
        spells.case_key,
        min(spells.closed_on) as closed_on
    from model.case_spells as spells
    where spells.closing_effect in ('zhongben', 'termination')
    group by spells.case_key
)

select
    cases.case_number as item,
    cases.court_code,
    cases.registered_on as first_day,
    cases.registered_on as last_day
from model.cases as cases
left join model.cases as origins on cases.origin_case_key = origins.case_key
left join ended on cases.origin_case_key = ended.case_key
where cases.counts_as = 'enforcement_resumed'
    and cases.is_counted
    and (ended.closed_on is null or ended.closed_on > cases.registered_on)
    -- what the data hold, or should: the key is court-year-characters-serial
    and (
        cases.origin_case_key is null
        or origins.case_key is not null
        or (
            array_contains($courts, split_part(cases.origin_case_key, '-', 1))
            and try_cast(split_part(cases.origin_case_key, '-', 2) as integer) >= year($data_from)
        )
    )
