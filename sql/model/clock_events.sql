-- grain: one deduction, suspension, extension, change or circumstance of a case, as last told; void ones left out
with latest as (
    select
        history.event_key,
        max(deliveries.world_rank) as world_rank
    from model.clock_event_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
    group by history.event_key
)

select
    versions.event_key,
    versions.case_key,
    versions.case_number,
    versions.court_code,
    versions.kind,
    versions.reason,
    versions.from_on,
    versions.to_on,
    versions.approved_on,
    versions.former_procedure,
    versions.extended_months,
    versions.extended_days,
    versions.delivery_no,
    versions.record,
    versions.line
from latest
inner join model.deliveries as deliveries
    on latest.world_rank = deliveries.world_rank
    and deliveries.feeds = 'clock_events'
inner join model.clock_event_history as versions
    on latest.event_key = versions.event_key
    and deliveries.delivery_no = versions.delivery_no
where not coalesce(versions.is_void, false)
