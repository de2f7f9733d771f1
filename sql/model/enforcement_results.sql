-- grain: one result entry of an enforcement case, as last told; void ones left out
with latest as (
    select
        history.result_key,
        max(deliveries.world_rank) as world_rank
    from model.enforcement_result_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
    group by history.result_key
)

select
    versions.result_key,
    versions.case_key,
    versions.case_number,
    versions.court_code,
    versions.result_on,
    versions.amount_applied,
    versions.amount_realised,
    versions.property_found,
    versions.outcome,
    versions.delivery_no,
    versions.record,
    versions.line
from latest
inner join model.deliveries as deliveries
    on latest.world_rank = deliveries.world_rank
    and deliveries.feeds = 'enforcement_results'
inner join model.enforcement_result_history as versions
    on latest.result_key = versions.result_key
    and deliveries.delivery_no = versions.delivery_no
where not coalesce(versions.is_void, false)
