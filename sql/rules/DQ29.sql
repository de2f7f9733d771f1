-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'case_key' as column_name,
    delivered.case_key as value
from staged.new_cases as delivered
inner join (
    select
        twins.delivery_no,
        twins.case_key
    from staged.new_cases as twins
    group by
        twins.delivery_no,
        twins.case_key
    having count(*) > 1
    union
    -- a row that could not be typed contradicts the others of its key too
    select
        untyped.delivery_no,
        untyped.case_key as case_key
    from quality.set_aside as untyped
    where untyped.reason_code = 'TYPE'
        and untyped.case_key is not null
) as conflicts
    on delivered.delivery_no = conflicts.delivery_no
    and delivered.case_key = conflicts.case_key
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'application_key' as column_name,
    delivered.application_key as value
from staged.new_registrations as delivered
inner join (
    select
        twins.delivery_no,
        twins.application_key
    from staged.new_registrations as twins
    group by
        twins.delivery_no,
        twins.application_key
    having count(*) > 1
    union
    -- a row that could not be typed contradicts the others of its key too
    select
        untyped.delivery_no,
        untyped.case_key as application_key
    from quality.set_aside as untyped
    where untyped.reason_code = 'TYPE'
        and untyped.case_key is not null
) as conflicts
    on delivered.delivery_no = conflicts.delivery_no
    and delivered.application_key = conflicts.application_key
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.event_key as case_key,
    delivered.court_code,
    'event_key' as column_name,
    delivered.event_key as value
from staged.new_clock_events as delivered
inner join (
    select
        twins.delivery_no,
        twins.event_key
    from staged.new_clock_events as twins
    group by
        twins.delivery_no,
        twins.event_key
    having count(*) > 1
    union
    -- a row that could not be typed contradicts the others of its key too
    select
        untyped.delivery_no,
        untyped.case_key as event_key
    from quality.set_aside as untyped
    where untyped.reason_code = 'TYPE'
        and untyped.case_key is not null
) as conflicts
    on delivered.delivery_no = conflicts.delivery_no
    and delivered.event_key = conflicts.event_key
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.result_key as case_key,
    delivered.court_code,
    'result_key' as column_name,
    delivered.result_key as value
from staged.new_enforcement_results as delivered
inner join (
    select
        twins.delivery_no,
        twins.result_key
    from staged.new_enforcement_results as twins
    group by
        twins.delivery_no,
        twins.result_key
    having count(*) > 1
    union
    -- a row that could not be typed contradicts the others of its key too
    select
        untyped.delivery_no,
        untyped.case_key as result_key
    from quality.set_aside as untyped
    where untyped.reason_code = 'TYPE'
        and untyped.case_key is not null
) as conflicts
    on delivered.delivery_no = conflicts.delivery_no
    and delivered.result_key = conflicts.result_key
