-- grain: one member a stay in the 终本 pool and a band of its age that it reached, as an interval
-- Age in days since the 终本 closing; both ends of a band are inclusive. The bands add up to the pool.
with bands as (
    select '0-180' as part, 0 as first_age, 180 as last_age
    union all
    select '181-365' as part, 181 as first_age, 365 as last_age
    union all
    select '366-1095' as part, 366 as first_age, 1095 as last_age
    union all
    select '1096-1825' as part, 1096 as first_age, 1825 as last_age
    union all
    select 'over-1825' as part, 1826 as first_age, cast(null as integer) as last_age
),

aged as (
    select
        stays.case_key,
        bands.part,
        stays.in_from + bands.first_age as in_from,
        case
            when bands.last_age is null then stays.in_until
            when stays.in_until <= stays.in_from + bands.last_age then stays.in_until
            else stays.in_from + (bands.last_age + 1)
        end as in_until,
        stays.in_until as left_on
    from model.zhongben_stays as stays
    cross join bands
)

select
    'zhongben_pool_age' as metric,
    cast(null as varchar) as variant,
    aged.case_key,
    aged.in_from,
    aged.in_until,
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
    aged.part as part,
    1 as numerator,
    cast(null as bigint) as denominator
from aged
inner join model.cases as cases on aged.case_key = cases.case_key
where aged.left_on is null
    or aged.in_from < aged.left_on
