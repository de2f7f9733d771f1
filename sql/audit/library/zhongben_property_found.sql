-- grain: one stay in the 终本 pool, not over on the counting day, of whose case property was found since
with found as (
    select
        stays.case_key,
        stays.in_from,
        min(results.result_on) as found_on
    from model.zhongben_stays as stays
    inner join model.enforcement_results as results
        on stays.case_key = results.case_key
        and results.property_found
        and results.result_on > stays.in_from
    where (stays.in_until is null or stays.in_until > cast($counting_day as date))
        and results.result_on <= cast($counting_day as date)
    group by
        stays.case_key,
        stays.in_from
)

select
    cases.court_code,
    cases.case_number,
    cases.bench_code,
    found.in_from as closed_by_zhongben_on,
    found.found_on,
    date_diff('day', found.found_on, cast($counting_day as date)) as days_since
from found
inner join model.cases as cases on found.case_key = cases.case_key
order by
    found.found_on,
    cases.case_number
