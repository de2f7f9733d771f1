-- grain: one member a record of mediation before filing, on the day it was registered, or where $is_closing on the day it ended
select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    cases.case_key,
    case when cast($is_closing as boolean) then cases.closed_on else cases.registered_on end as counted_on,
    coalesce(cases.court_code, 'none') as court,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as case_type,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.bench_code, 'none') as bench,
    coalesce(cases.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    case when cast($is_closing as boolean) then coalesce(cases.closing_manner, 'none') end as closing_manner,
    cast(null as varchar) as part,
    1 as numerator,
    cast(null as bigint) as denominator
from model.cases as cases
where cases.is_mediation
    and case when cast($is_closing as boolean) then cases.closed_on else cases.registered_on end
        between $data_from and $counting_day
