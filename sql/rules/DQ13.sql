-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'closing_manner' as column_name,
    cast(delivered.closing_manner as varchar) as value
from staged.new_cases as delivered
inner join model.case_types as case_types on delivered.type_code = case_types.type_code
left join model.closing_manners as manners
    on delivered.closing_manner = manners.closing_manner
    and case_types.counts_as = manners.counts_as
where delivered.closing_manner is not null
    and (manners.closing_manner is null or delivered.closed_on < manners.valid_from)
