-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'case_number' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
where delivered.case_number is null
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'registered_on' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
where delivered.registered_on is null
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'type_code' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
where delivered.type_code is null
    and delivered.type_characters is null
    and delivered.number_form is null
    and not $has_chinese_numbers
