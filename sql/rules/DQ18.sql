-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'correction_notice_on' as column_name,
    cast(delivered.correction_notice_on as varchar) as value
from staged.new_registrations as delivered
where delivered.correction_notice_on < delivered.received_on
    or delivered.correction_notice_on > delivered.decided_on
