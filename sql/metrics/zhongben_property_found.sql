-- grain: one member a stay in the 终本 pool in which property came to light, as an interval from the first result that says so
with found as (
    select
        stays.case_key,
        stays.opened_on,
        stays.in_until,
        min(results.result_on) as in_from
    from model.zhongben_stays as stays
    inner join model.enforcement_chains as chains on stays.root_case_key = chains.root_case_key
    inner join model.enforcement_results as results on chains.case_key = results.case_key
    where results.property_found
        and results.result_on > stays.in_from
        and (stays.in_until is null or results.result_on < stays.in_until)
    group by
        stays.case_key,
        stays.opened_on,
        stays.in_until
)

select
    'zhongben_property_found' as metric,
    cast(null as varchar) as variant,
    found.case_key,
    found.in_from,
    found.in_until,
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
from found
inner join model.cases as cases on found.case_key = cases.case_key
