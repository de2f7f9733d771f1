-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'closing_manner' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
where delivered.closed_on is not null
    and delivered.closing_manner is null
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'closed_on' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
where delivered.closed_on is null
    and delivered.closing_manner is not null
