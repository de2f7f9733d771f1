-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'procedure' as column_name,
    cast(null as varchar) as value
from staged.new_cases as delivered
where delivered.procedure is null
    and delivered.type_code in ('民初', '刑初', '行初')
    and not coalesce(delivered.is_void, false)
