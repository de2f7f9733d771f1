-- grain: one application to register, its latest version
select
    decisions.application_key,
    decisions.court_code,
    decisions.received_on,
    decisions.channel,
    decisions.population,
    decisions.first_decision,
    decisions.decided_on,
    decisions.correction_notice_on,
    decisions.corrected_material_on,
    decisions.registered_on,
    decisions.case_number,
    decisions.case_key,
    decisions.delivery_no,
    decisions.record,
    decisions.line
from model.registration_decisions as decisions
