-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'closed_on' as column_name,
    cast(delivered.closed_on as varchar) as value
from staged.new_cases as delivered
where delivered.closed_on < delivered.registered_on
