-- grain: one member a first or resumed enforcement and a time in which it was pending past its limit, as an interval
-- By the clocks of the case, deductions and approved extensions in; with $without_deductions plain six months from registration.
with overdue as (
    select
        clocks.case_key,
        case
            when clocks.lawful_due_on + 1 > clocks.governs_from then clocks.lawful_due_on + 1
            else clocks.governs_from
        end as in_from,
        case
            when clocks.governs_until is null or clocks.closed_on < clocks.governs_until then clocks.closed_on
            else clocks.governs_until
        end as in_until
    from model.case_clocks as clocks
    where not cast($without_deductions as boolean)
        and clocks.lawful_due_on is not null
    union all
    select
        spells.case_key,
        cast(spells.opened_on + interval '6' month as date) + 1 as in_from,
        spells.closed_on as in_until
    from model.case_spells as spells
    where cast($without_deductions as boolean)
)

select
    'enforcement_overdue' as metric,
    cast($variant as varchar) as variant,
    overdue.case_key,
    overdue.in_from,
    overdue.in_until,
    coalesce(cases.court_code, 'none') as court,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as case_type,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.bench_code, 'none') as bench,
    coalesce(cases.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as part,
    1 as numerator,
    cast(null as bigint) as denominator
from overdue
inner join model.cases as cases on overdue.case_key = cases.case_key
where cases.is_counted
    and cases.counts_as in ('enforcement_first', 'enforcement_resumed')
    and (overdue.in_until is null or overdue.in_from < overdue.in_until)
