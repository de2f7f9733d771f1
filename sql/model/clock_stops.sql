-- grain: one run of days on which the clock of a spell stands still; no day is in two of them
-- docs/clocks.md, rules 2 and 9: the union of deductions and suspensions that touch the spell, up to its end; its first days
-- may lie before it. Notices from whose end the clock itself runs are not deducted.
with from_notice as (
    select distinct spans.case_key
    from model.clock_spans as spans
    where spans.is_from_notice
),

stops as (
    select
        spells.case_key,
        spells.opened_on,
        events.from_on as first_on,
        least(coalesce(events.to_on, spells.closed_on, $counting_day), coalesce(spells.closed_on, $counting_day)) as last_on
    from model.clock_events as events
    inner join model.cases as cases on events.case_key = cases.case_key
    inner join model.clock_reasons as reasons
        on events.kind = reasons.kind
        and events.reason = reasons.reason
        and (reasons.family is null or reasons.family = cases.family)
    inner join model.case_spells as spells on events.case_key = spells.case_key
    left join from_notice on cases.case_key = from_notice.case_key
    where events.kind in ('deduction', 'suspension')
        and events.from_on <= coalesce(spells.closed_on, $counting_day)
        and (events.to_on is null or events.to_on > spells.opened_on)
        and (from_notice.case_key is null or events.reason <> 'public_notice')
),

reached as (
    select
        stops.case_key,
        stops.opened_on,
        stops.first_on,
        stops.last_on,
        max(stops.last_on) over (
            partition by stops.case_key, stops.opened_on order by stops.first_on, stops.last_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from stops
    where stops.first_on <= stops.last_on
        and stops.last_on > stops.opened_on
)

select
    reached.case_key,
    reached.opened_on,
    case when reached.reached_on >= reached.first_on then reached.reached_on + 1 else reached.first_on end as first_on,
    reached.last_on
from reached
where reached.reached_on is null
    or reached.last_on > reached.reached_on
