-- grain: one member a pending case whose lawful limit ends within so many days, as an interval
select
    'due_soon' as metric,
    cast($variant as varchar) as variant,
    clocks.case_key,
    greatest(clocks.lawful_due_on - cast($days as integer), clocks.governs_from) as in_from,
    least(
        clocks.lawful_due_on + 1,
        coalesce(clocks.governs_until, clocks.lawful_due_on + 1),
        coalesce(clocks.closed_on, clocks.lawful_due_on + 1)
    ) as in_until,
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
from model.case_clocks as clocks
inner join model.cases as cases on clocks.case_key = cases.case_key
where clocks.lawful_due_on is not null
    and greatest(clocks.lawful_due_on - cast($days as integer), clocks.governs_from) < least(
        clocks.lawful_due_on + 1,
        coalesce(clocks.governs_until, clocks.lawful_due_on + 1),
        coalesce(clocks.closed_on, clocks.lawful_due_on + 1)
    )
