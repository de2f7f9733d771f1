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
inner join model.case_types as case_types on delivered.type_code = case_types.type_code
inner join model.closing_manners as manners
    on delivered.closing_manner = manners.closing_manner
    and case_types.counts_as = manners.counts_as
where manners.effect = 'zhongben'
    and delivered.closed_on >= date '2016-12-01'
    and delivered.closed_on <= delivered.registered_on + interval '3' month
