-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.application_key as case_key,
    delivered.court_code,
    'received_on' as column_name,
    cast(null as varchar) as value
from staged.new_registrations as delivered
where delivered.registered_on >= date '2015-05-01'
    and delivered.population in (
        'civil_first', 'administrative_first', 'private_prosecution', 'compensation', 'first_enforcement'
    )
    and delivered.received_on is null
