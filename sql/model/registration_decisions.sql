-- grain: one application to register, its latest version as known at the refresh
with latest as (
    select
        history.application_key,
        max(deliveries.world_rank) as world_rank
    from model.registration_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
        and history.presence <> 'absent'
    group by history.application_key
)

select
    versions.application_key,
    versions.court_code,
    versions.received_on,
    versions.channel,
    versions.population,
    versions.first_decision,
    versions.decided_on,
    versions.correction_notice_on,
    versions.corrected_material_on,
    versions.registered_on,
    versions.case_number,
    versions.case_key,
    versions.delivery_no,
    versions.record,
    versions.line
from latest
inner join model.deliveries as deliveries
    on latest.world_rank = deliveries.world_rank
    and deliveries.feeds = 'registrations'
inner join model.registration_history as versions
    on latest.application_key = versions.application_key
    and deliveries.delivery_no = versions.delivery_no
