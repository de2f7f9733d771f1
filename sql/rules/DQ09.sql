-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'type_code' as column_name,
    cast(delivered.type_code as varchar) as value
from staged.new_cases as delivered
inner join model.case_types as case_types on delivered.type_code = case_types.type_code
where delivered.number_form = 'new'
    and case_types.counts_as = 'bankruptcy'
    and (
        delivered.registered_on < case_types.valid_from
        or delivered.registered_on > case_types.valid_to
    )
