-- grain: one result entry of an enforcement case, as last told
select
    results.result_key,
    results.case_key,
    results.case_number,
    results.court_code,
    results.result_on,
    results.amount_applied,
    results.amount_realised,
    results.property_found,
    results.outcome,
    results.delivery_no,
    results.record,
    results.line
from model.enforcement_results as results
