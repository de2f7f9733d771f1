-- grain: one deduction, suspension, extension, change or circumstance of a case, as last told
select
    events.event_key,
    events.case_key,
    events.case_number,
    events.court_code,
    events.kind,
    events.reason,
    events.from_on,
    events.to_on,
    events.approved_on,
    events.former_procedure,
    events.extended_months,
    events.extended_days,
    events.delivery_no,
    events.record,
    events.line
from model.clock_events as events
