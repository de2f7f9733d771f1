-- grain: one run of days on which the clock of a spell stands still; no day is in two of them
-- docs/clocks.md, rules 2 and 9: the union of deductions and suspensions that touch the spell, up to its end; its first days
-- may lie before it. Notices from whose end the clock itself runs are not deducted.
with from_notice as (
    select distinct spans.spell_no
    from model.clock_spans as spans
    where spans.is_from_notice
),

stops as (
    select
        spells.spell_no,
        spells.opened_on,
        events.from_on as first_on,
        least(
            coalesce(events.to_on, spells.closed_on, $counting_day), coalesce(spells.closed_on, $counting_day)
        ) as last_on
    from model.clock_events as events
    inner join model.case_spells as spells on events.case_key = spells.case_key
    inner join model.clock_reasons as reasons
        on events.kind = reasons.kind
        and events.reason = reasons.reason
        and (reasons.family is null or reasons.family = spells.family)
    left join from_notice
        on spells.spell_no = from_notice.spell_no
        and events.reason = 'public_notice'
    where events.kind in ('deduction', 'suspension')
        and spells.opened_on <= $counting_day
        and events.from_on <= coalesce(spells.closed_on, $counting_day)
        and (events.to_on is null or events.to_on > spells.opened_on)
        and from_notice.spell_no is null
),

reached as (
    select
        stops.spell_no,
        stops.first_on,
        stops.last_on,
        max(stops.last_on) over (
            partition by stops.spell_no order by stops.first_on, stops.last_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from stops
    where stops.first_on <= stops.last_on
        and stops.last_on > stops.opened_on
)

select
    reached.spell_no,
    case when reached.reached_on >= reached.first_on then reached.reached_on + 1 else reached.first_on end as first_on,
    reached.last_on,
    coalesce(reached.reached_on >= reached.first_on - 1, false) as goes_on
from reached
where reached.reached_on is null
    or reached.last_on > reached.reached_on
