-- grain: one unbroken run of days on which a spell was suspended (中止)
with suspended as (
    select
        spells.case_key,
        spells.opened_on,
        greatest(events.from_on, spells.opened_on) as first_on,
        least(coalesce(events.to_on, date '9999-12-31'), coalesce(spells.closed_on, date '9999-12-31')) as last_on
    from model.clock_events as events
    inner join model.case_spells as spells on events.case_key = spells.case_key
    where events.reason = 'suspension'
        and events.kind in ('suspension', 'deduction')
        and events.from_on <= coalesce(spells.closed_on, $counting_day)
),

reached as (
    select
        suspended.case_key,
        suspended.opened_on,
        suspended.first_on,
        suspended.last_on,
        max(suspended.last_on) over (
            partition by suspended.case_key, suspended.opened_on order by suspended.first_on, suspended.last_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from suspended
    where suspended.first_on <= suspended.last_on
),

numbered as (
    select
        reached.case_key,
        reached.opened_on,
        reached.first_on,
        reached.last_on,
        sum(case
            when reached.reached_on is null or (reached.reached_on < date '9999-12-31' and reached.first_on > reached.reached_on + 1)
                then 1
            else 0
        end) over (
            partition by reached.case_key, reached.opened_on order by reached.first_on, reached.last_on
            rows between unbounded preceding and current row
        ) as run_no
    from reached
)

select
    numbered.case_key,
    numbered.opened_on,
    cast(numbered.run_no as bigint) as run_no,
    min(numbered.first_on) as first_on,
    case when max(numbered.last_on) < date '9999-12-31' then max(numbered.last_on) end as last_on
from numbered
group by
    numbered.case_key,
    numbered.opened_on,
    numbered.run_no
