-- grain: one event of the clock of the case $case_key, in the order of its days
select
    events.event_key,
    events.kind,
    events.reason,
    events.from_on,
    events.to_on,
    events.approved_on,
    events.former_procedure,
    events.extended_months,
    events.extended_days,
    deliveries.file,
    deliveries.sha256,
    events.line
from model.clock_events as events
inner join model.deliveries as deliveries on events.delivery_no = deliveries.delivery_no
where events.case_key = $case_key
order by
    coalesce(events.from_on, events.approved_on),
    events.event_key
