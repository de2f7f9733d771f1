-- grain: one reason why one row of a case was set aside, as known at $refresh_no
select
    set_aside.set_aside_in,
    deliveries.file,
    set_aside.line,
    set_aside.reason_code,
    set_aside.column_name,
    set_aside.value,
    set_aside.message
from quality.set_aside as set_aside
inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
where set_aside.case_key = $case_key
    and set_aside.set_aside_in <= $refresh_no
order by
    set_aside.set_aside_in,
    deliveries.file,
    set_aside.line,
    set_aside.reason_code
