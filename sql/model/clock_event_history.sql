-- grain: one row about one clock event (审限变动), as delivered and accepted
-- The row of an event that was delivered last by extract date stands (model.clock_events).
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    cast($refresh_no as bigint) as known_from,
    delivered.event_key,
    delivered.case_key,
    delivered.case_number,
    delivered.court_code,
    delivered.kind,
    delivered.reason,
    delivered.from_on,
    delivered.to_on,
    delivered.approved_on,
    delivered.former_procedure,
    delivered.extended_months,
    delivered.extended_days,
    delivered.is_void
from staged.new_clock_events as delivered
left join (
    select distinct
        set_aside.delivery_no,
        set_aside.record
    from quality.set_aside as set_aside
) as refused
    on delivered.delivery_no = refused.delivery_no
    and delivered.record = refused.record
left join model.clock_event_history as known
    on delivered.delivery_no = known.delivery_no
    and delivered.record = known.record
where refused.record is null
    and known.record is null
