-- grain: one reason why one row of the delivery $delivery_no is set aside
select
    set_aside.delivery_no,
    set_aside.record,
    set_aside.line,
    set_aside.source,
    set_aside.case_key,
    set_aside.court_code,
    set_aside.reason_code,
    set_aside.column_name,
    set_aside.value,
    set_aside.message
from quality.set_aside as set_aside
where set_aside.delivery_no = $delivery_no
order by
    set_aside.line,
    set_aside.reason_code,
    set_aside.column_name
