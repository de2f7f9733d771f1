-- grain: one member a chain of enforcement cases and a stay in the 终本 pool, as an interval
select
    'zhongben_pool' as metric,
    cast(null as varchar) as variant,
    stays.case_key,
    stays.in_from,
    stays.in_until,
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
from model.zhongben_stays as stays
inner join model.cases as cases on stays.case_key = cases.case_key
