-- grain: one run of days on which a spell was suspended (中止); no day is in two of them
with suspended as (
    select
        events.spell_no,
        greatest(events.from_on, events.opened_on) as first_on,
        least(coalesce(events.to_on, date '9999-12-31'), coalesce(events.closed_on, date '9999-12-31')) as last_on
    from model.spell_events as events
    where events.reason = 'suspension'
        and events.kind in ('suspension', 'deduction')
        and events.from_on <= events.until_on
),

reached as (
    select
        suspended.spell_no,
        suspended.first_on,
        suspended.last_on,
        max(suspended.last_on) over (
            partition by suspended.spell_no order by suspended.first_on, suspended.last_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from suspended
    where suspended.first_on <= suspended.last_on
)

select
    spells.case_key,
    spells.opened_on,
    case when reached.reached_on >= reached.first_on then reached.reached_on + 1 else reached.first_on end as first_on,
    case when reached.last_on < date '9999-12-31' then reached.last_on end as last_on
from reached
inner join model.case_spells as spells on reached.spell_no = spells.spell_no
where reached.reached_on is null
    or reached.last_on > reached.reached_on
