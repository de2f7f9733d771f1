-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'received_on' as column_name,
    cast(delivered.received_on as varchar) as value
from staged.new_registrations as delivered
where delivered.received_on > delivered.registered_on
