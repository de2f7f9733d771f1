-- grain: one row that breaks the rule, and the column at fault
with delivered as (
    select
        cases.delivery_no,
        cases.record,
        cases.line,
        cases.court_code,
        'case_key' as column_name,
        cases.case_key as value
    from staged.new_cases as cases
    union all
    select
        applications.delivery_no,
        applications.record,
        applications.line,
        applications.court_code,
        'application_key' as column_name,
        applications.application_key as value
    from staged.new_registrations as applications
    union all
    select
        events.delivery_no,
        events.record,
        events.line,
        events.court_code,
        'event_key' as column_name,
        events.event_key as value
    from staged.new_clock_events as events
    union all
    select
        results.delivery_no,
        results.record,
        results.line,
        results.court_code,
        'result_key' as column_name,
        results.result_key as value
    from staged.new_enforcement_results as results
),

conflicts as (
    -- source by source: a delivery is of one, and four small sets of keys are told apart sooner than one large
    select
        cases.delivery_no,
        cases.case_key as value
    from staged.new_cases as cases
    group by
        cases.delivery_no,
        cases.case_key
    having count(*) > 1
    union all
    select
        applications.delivery_no,
        applications.application_key as value
    from staged.new_registrations as applications
    group by
        applications.delivery_no,
        applications.application_key
    having count(*) > 1
    union all
    select
        events.delivery_no,
        events.event_key as value
    from staged.new_clock_events as events
    group by
        events.delivery_no,
        events.event_key
    having count(*) > 1
    union all
    select
        results.delivery_no,
        results.result_key as value
    from staged.new_enforcement_results as results
    group by
        results.delivery_no,
        results.result_key
    having count(*) > 1
    union
    -- a row that could not be typed contradicts the others of its key too
    select
        untyped.delivery_no,
        untyped.case_key as value
    from quality.set_aside as untyped
    where untyped.reason_code = 'TYPE'
        and untyped.case_key is not null
)

select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.value as case_key,
    delivered.court_code,
    delivered.column_name,
    delivered.value
from delivered
inner join conflicts
    on delivered.delivery_no = conflicts.delivery_no
    and delivered.value = conflicts.value
