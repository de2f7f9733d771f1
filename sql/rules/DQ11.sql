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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.registered_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.closed_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.reopened_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.received_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.decided_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.correction_notice_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.corrected_material_on > deliveries.extract_on
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
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where delivered.registered_on > deliveries.extract_on
