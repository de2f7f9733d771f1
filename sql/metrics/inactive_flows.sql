-- grain: one member a suspension of a pending case, on the day it began, or where $is_return on the day it was over
with marked as (
    select
        suspensions.case_key,
        suspensions.opened_on,
        suspensions.first_on,
        suspensions.last_on,
        case
            when lag(suspensions.last_on) over (
                partition by suspensions.case_key, suspensions.opened_on order by suspensions.first_on
            ) = suspensions.first_on - 1 then 0
            else 1
        end as begins
    from model.suspensions as suspensions
),

numbered as (
    select
        marked.case_key,
        marked.opened_on,
        marked.first_on,
        marked.last_on,
        sum(marked.begins) over (
            partition by marked.case_key, marked.opened_on order by marked.first_on
            rows between unbounded preceding and current row
        ) as run_no
    from marked
),

inactive as (
    -- unbroken: those that touch are one; a case closed while suspended comes back on the day of closing
    select
        numbered.case_key,
        numbered.opened_on,
        spells.closed_on,
        min(numbered.first_on) as first_on,
        case
            when max(coalesce(numbered.last_on, date '9999-12-31')) = date '9999-12-31' then spells.closed_on
            else least(max(numbered.last_on) + 1, coalesce(spells.closed_on, max(numbered.last_on) + 1))
        end as back_on
    from numbered
    inner join model.case_spells as spells
        on numbered.case_key = spells.case_key
        and numbered.opened_on = spells.opened_on
    group by
        numbered.case_key,
        numbered.opened_on,
        numbered.run_no,
        spells.closed_on
)

select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    inactive.case_key,
    case when cast($is_return as boolean) then inactive.back_on else inactive.first_on end as counted_on,
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
from inactive
inner join model.cases as cases on inactive.case_key = cases.case_key
where (inactive.back_on is null or inactive.first_on < inactive.back_on)
    and case when cast($is_return as boolean) then inactive.back_on else inactive.first_on end
        between $data_from and $counting_day
