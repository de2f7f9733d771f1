-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'amount_applied' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
inner join model.case_types as case_types on delivered.type_code = case_types.type_code
where delivered.amount_applied is null
    and case_types.counts_as in ('enforcement_first', 'enforcement_resumed')
    and not coalesce(delivered.is_void, false)
