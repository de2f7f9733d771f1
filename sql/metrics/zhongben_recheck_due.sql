-- grain: one member a stay in the 终本 pool and a time in it in which no property inquiry was made for six months, as an interval
-- Due from the day after six months without an inquiry until the next one, within five years of the 终本 closing.
with checks as (
    select
        stays.case_key,
        stays.opened_on,
        stays.in_from,
        stays.in_from as checked_on
    from model.zhongben_stays as stays
    where stays.in_until is null
        or stays.in_until > stays.in_from
    union
    select
        stays.case_key,
        stays.opened_on,
        stays.in_from,
        results.result_on as checked_on
    from model.zhongben_stays as stays
    inner join model.enforcement_chains as chains on stays.root_case_key = chains.root_case_key
    inner join model.enforcement_results as results on chains.case_key = results.case_key
    where results.outcome = 'property_inquiry'
        and results.result_on > stays.in_from
        and (stays.in_until is null or results.result_on < stays.in_until)
),

spans as (
    select
        checks.case_key,
        checks.opened_on,
        checks.in_from,
        checks.checked_on,
        lead(checks.checked_on) over (
            partition by checks.case_key, checks.opened_on, checks.in_from
            order by checks.checked_on
        ) as next_on
    from checks
),

due as (
    select
        stays.case_key,
        cast(spans.checked_on + interval '6' month as date) + 1 as in_from,
        case
            when coalesce(spans.next_on, stays.in_until) <= cast(stays.in_from + interval '5' year as date)
                then coalesce(spans.next_on, stays.in_until)
            else cast(stays.in_from + interval '5' year as date) + 1
        end as in_until
    from spans
    inner join model.zhongben_stays as stays
        on spans.case_key = stays.case_key
        and spans.opened_on = stays.opened_on
        and spans.in_from = stays.in_from
    where stays.in_until is null
        or stays.in_until > stays.in_from
)

select
    'zhongben_recheck_due' as metric,
    cast(null as varchar) as variant,
    due.case_key,
    due.in_from,
    due.in_until,
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
from due
inner join model.cases as cases on due.case_key = cases.case_key
where due.in_from < due.in_until
