-- grain: one member a pending enforcement case, or a chain's stay in the 终本 pool, as an interval
-- 执行积案 = pending 首次执行 and 执恢 plus the pool (dictionary, M31). $only_part null counts both parts.
with members as (
    select
        'pool' as part,
        stays.case_key,
        stays.in_from,
        stays.in_until
    from model.zhongben_stays as stays
    union all
    select
        'pending' as part,
        spells.case_key,
        spells.opened_on as in_from,
        spells.closed_on as in_until
    from model.case_spells as spells
    inner join model.cases as cases on spells.case_key = cases.case_key
    where cases.is_counted
        and cases.counts_as in ('enforcement_first', 'enforcement_resumed')
)

select
    'enforcement_backlog' as metric,
    cast($variant as varchar) as variant,
    members.case_key,
    members.in_from,
    members.in_until,
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
    members.part as part,
    1 as numerator,
    cast(null as bigint) as denominator
from members
inner join model.cases as cases on members.case_key = cases.case_key
where cast($only_part as varchar) is null
    or members.part = cast($only_part as varchar)
