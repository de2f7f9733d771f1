-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'case_number' as column_name,
    cast(delivered.case_number as varchar) as value
from staged.new_cases as delivered
where delivered.number_year <> year(delivered.registered_on)
