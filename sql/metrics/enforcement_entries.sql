-- grain: one member an entry of the enforcement results with the outcome $outcome, on its day
select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    results.case_key,
    results.result_on as counted_on,
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
from model.enforcement_results as results
inner join model.cases as cases on results.case_key = cases.case_key
where cases.is_counted
    and cases.counts_as in ('enforcement_first', 'enforcement_resumed')
    and results.outcome = cast($outcome as varchar)
    and results.result_on between $data_from and $counting_day
