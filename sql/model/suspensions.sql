-- grain: one unbroken run of days on which a spell was suspended (中止); runs that touch are one
with suspended as (
    select
        spells.spell_no,
        greatest(events.from_on, spells.opened_on) as first_on,
        least(coalesce(events.to_on, date '9999-12-31'), coalesce(spells.closed_on, date '9999-12-31')) as last_on
    from model.clock_events as events
    inner join model.case_spells as spells on events.case_key = spells.case_key
    inner join model.clock_reasons as reasons
        on events.kind = reasons.kind
        and events.reason = reasons.reason
        and (reasons.family is null or reasons.family = spells.family)
    where events.reason = 'suspension'
        and events.kind in ('suspension', 'deduction')
        and spells.opened_on <= $counting_day
        and events.from_on <= coalesce(spells.closed_on, $counting_day)
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
),

numbered as (
    select
        reached.spell_no,
        reached.first_on,
        reached.last_on,
        sum(case when reached.reached_on >= reached.first_on - 1 then 0 else 1 end) over (
            partition by reached.spell_no order by reached.first_on, reached.last_on
            rows between unbounded preceding and current row
        ) as run_no
    from reached
),

runs as (
    select
        numbered.spell_no,
        min(numbered.first_on) as first_on,
        max(numbered.last_on) as last_on
    from numbered
    group by
        numbered.spell_no,
        numbered.run_no
)

select
    spells.spell_no,
    spells.case_key,
    spells.opened_on,
    runs.first_on,
    case when runs.last_on < date '9999-12-31' then runs.last_on end as last_on,
    case
        when runs.last_on < coalesce(spells.closed_on, date '9999-12-31') then runs.last_on + 1
        else spells.closed_on
    end as back_on
from runs
inner join model.case_spells as spells on runs.spell_no = spells.spell_no
