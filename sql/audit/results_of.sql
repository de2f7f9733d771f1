-- grain: one result entry of the enforcement case $case_key, in the order of its days
select
    results.result_key,
    results.result_on,
    results.outcome,
    results.amount_applied,
    results.amount_realised,
    results.property_found,
    deliveries.file,
    deliveries.sha256,
    results.line
from model.enforcement_results as results
inner join model.deliveries as deliveries on results.delivery_no = deliveries.delivery_no
where results.case_key = $case_key
order by
    results.result_on,
    results.result_key
