-- grain: one member a pending case in one bucket of age, as an interval
-- Age in days since registration at the end of the day; upper ends are inside their bucket, the parts add up to pending_end.
with buckets as (
    select '0-30' as part, 0 as first_age, 30 as last_age
    union all
    select '31-90' as part, 31 as first_age, 90 as last_age
    union all
    select '91-180' as part, 91 as first_age, 180 as last_age
    union all
    select '181-365' as part, 181 as first_age, 365 as last_age
    union all
    select '366-540' as part, 366 as first_age, 540 as last_age
    union all
    select '541-1095' as part, 541 as first_age, 1095 as last_age
    union all
    select 'over-1095' as part, 1096 as first_age, cast(null as integer) as last_age
)

select
    'pending_age_buckets' as metric,
    cast(null as varchar) as variant,
    spells.case_key,
    spells.opened_on + buckets.first_age as in_from,
    case
        when buckets.last_age is null then spells.closed_on
        else least(coalesce(spells.closed_on, spells.opened_on + buckets.last_age + 1), spells.opened_on + buckets.last_age + 1)
    end as in_until,
    coalesce(spells.court_code, 'none') as court,
    spells.family,
    spells.counts_as,
    coalesce(spells.type_code, 'none') as case_type,
    coalesce(spells.procedure, 'none') as procedure,
    coalesce(spells.bench_code, 'none') as bench,
    coalesce(spells.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    cast(null as varchar) as closing_manner,
    buckets.part as part,
    1 as numerator,
    cast(null as bigint) as denominator
from model.case_spells as spells
cross join buckets
where spells.closed_on is null
    or spells.closed_on > spells.opened_on + buckets.first_age
