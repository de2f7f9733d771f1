-- grain: one member a record of mediation before filing, as the interval in which it was open
-- A record that was opened again under its number is one interval: from its registration to its last end.
select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    cases.case_key,
    cases.registered_on as in_from,
    cases.closed_on as in_until,
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
from model.cases as cases
where cases.is_mediation
