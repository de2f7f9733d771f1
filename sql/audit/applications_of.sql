-- grain: one application to register that became the case $case_key
select
    decisions.application_key,
    decisions.received_on,
    decisions.channel,
    decisions.population,
    decisions.first_decision,
    decisions.decided_on,
    decisions.correction_notice_on,
    decisions.corrected_material_on,
    decisions.registered_on,
    deliveries.file,
    deliveries.sha256,
    decisions.line
from model.registration_decisions as decisions
inner join model.deliveries as deliveries on decisions.delivery_no = deliveries.delivery_no
where decisions.case_key = $case_key
order by decisions.application_key
