-- grain: one event of one spell that changes or extends its clock and that the law of its family knows
-- Each event is one of every spell of its case: which of them it touches is for the clocks to say. What makes a clock stand
-- still is in model.clock_stops.
select
    spells.spell_no,
    events.event_key,
    events.kind,
    events.reason,
    events.from_on,
    events.approved_on,
    events.former_procedure,
    events.extended_months,
    events.extended_days
from model.clock_events as events
inner join model.case_spells as spells on events.case_key = spells.case_key
inner join model.clock_reasons as reasons
    on events.kind = reasons.kind
    and events.reason = reasons.reason
    and (reasons.family is null or reasons.family = spells.family)
where events.kind not in ('deduction', 'suspension')
    and spells.opened_on <= $counting_day
