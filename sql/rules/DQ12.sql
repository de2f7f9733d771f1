-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'registered_on' as column_name,
    cast(delivered.registered_on as varchar) as value
from staged.new_cases as delivered
where delivered.registered_on < $earliest_date
    or delivered.registered_on = date '9999-12-31'
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'closed_on' as column_name,
    cast(delivered.closed_on as varchar) as value
from staged.new_cases as delivered
where delivered.closed_on < $earliest_date
    or delivered.closed_on = date '9999-12-31'
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key as case_key,
    delivered.court_code,
    'reopened_on' as column_name,
    cast(delivered.reopened_on as varchar) as value
from staged.new_cases as delivered
where delivered.reopened_on < $earliest_date
    or delivered.reopened_on = date '9999-12-31'
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'received_on' as column_name,
    cast(delivered.received_on as varchar) as value
from staged.new_registrations as delivered
where delivered.received_on < $earliest_date
    or delivered.received_on = date '9999-12-31'
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'decided_on' as column_name,
    cast(delivered.decided_on as varchar) as value
from staged.new_registrations as delivered
where delivered.decided_on < $earliest_date
    or delivered.decided_on = date '9999-12-31'
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'correction_notice_on' as column_name,
    cast(delivered.correction_notice_on as varchar) as value
from staged.new_registrations as delivered
where delivered.correction_notice_on < $earliest_date
    or delivered.correction_notice_on = date '9999-12-31'
union all
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'corrected_material_on' as column_name,
    cast(delivered.corrected_material_on as varchar) as value
from staged.new_registrations as delivered
where delivered.corrected_material_on < $earliest_date
    or delivered.corrected_material_on = date '9999-12-31'
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
where delivered.registered_on < $earliest_date
    or delivered.registered_on = date '9999-12-31'
