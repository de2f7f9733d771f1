-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'registered_on' as column_name,
    cast(null as varchar) as value
from staged.new_registrations as delivered
where delivered.first_decision = 'register'
    and delivered.registered_on is null
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'registered_on' as column_name,
    cast(delivered.registered_on as varchar) as value
from staged.new_registrations as delivered
where delivered.first_decision = 'refuse'
    and delivered.registered_on is not null
