-- grain: one scope and period in which the rule is broken
select
    concat(
        coalesce(corrections.case_number, corrections.case_key), ' ', corrections.column_name,
        ' [', coalesce(corrections.old_value, ''), '] to [', coalesce(corrections.new_value, ''), ']: ',
        case
            when corrections.status = 'no_such_case' then 'the case is not known'
            else concat('the row delivered last says [', coalesce(corrections.delivered_value, ''), ']')
        end
    ) as item,
    corrections.court_code,
    cast(null as date) as first_day,
    cast(null as date) as last_day
from model.corrections as corrections
where corrections.status in ('does_not_match', 'no_such_case')
