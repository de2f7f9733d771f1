-- grain: one member a stay in the 终本 pool, on the day it began ($counts entries) or ended ($counts exits)
-- Both count for the case that 终本 closed, so that pool = pool before + entries − exits holds in every dimension.
select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    stays.case_key,
    case when cast($counts as varchar) = 'entries' then stays.in_from else stays.in_until end as counted_on,
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
    case when cast($counts as varchar) = 'exits' then stays.exit_reason end as part,
    1 as numerator,
    cast(null as bigint) as denominator
from model.zhongben_stays as stays
inner join model.cases as cases on stays.case_key = cases.case_key
where case when cast($counts as varchar) = 'entries' then stays.in_from else stays.in_until end <= $counting_day
