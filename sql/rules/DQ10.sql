-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'court_code' as column_name,
    cast(delivered.court_code as varchar) as value
from staged.new_cases as delivered
where not array_contains($courts, delivered.court_code)
    and not coalesce(delivered.transferred_in, false)
