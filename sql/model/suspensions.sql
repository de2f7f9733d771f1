-- grain: one run of days on which a spell was suspended (中止); no day is in two of them
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
)

select
    reached.case_key,
    reached.opened_on,
    case when reached.reached_on >= reached.first_on then reached.reached_on + 1 else reached.first_on end as first_on,
    case when reached.last_on < date '9999-12-31' then reached.last_on end as last_on
from reached
where reached.reached_on is null
    or reached.last_on > reached.reached_on
