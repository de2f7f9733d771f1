-- grain: one member an audit of a 终本 closing, on its day
select
    'enforcement_target_t2' as metric,
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
    case when results.outcome = 'audit_passed' then 1 else 0 end as numerator,
    1 as denominator
from model.enforcement_results as results
inner join model.cases as cases on results.case_key = cases.case_key
where cases.is_counted
    and cases.counts_as in ('enforcement_first', 'enforcement_resumed')
    and results.outcome in ('audit_passed', 'audit_failed')
    and results.result_on between $data_from and $counting_day
