-- grain: one event of a case as a row of its latest delivery says it
-- The events of a case are delivered all at once, so those of its latest delivery are all that are known. Empty where
-- cases are not made of events.
with accepted as (
    select
        delivered.case_key,
        delivered.event_on,
        delivered.event_kind,
        delivered.is_duplicate,
        delivered.delivery_no,
        delivered.record,
        delivered.line,
        deliveries.world_rank
    from staged.case_events as delivered
    inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
    left join (
        select distinct
            rows_aside.delivery_no,
            rows_aside.case_key
        from quality.set_aside as rows_aside
    ) as aside
        on delivered.delivery_no = aside.delivery_no
        and delivered.case_key = aside.case_key
    where aside.case_key is null
),

latest as (
    select
        accepted.case_key,
        max(accepted.world_rank) as world_rank
    from accepted
    group by accepted.case_key
)

select
    accepted.case_key,
    accepted.event_on,
    accepted.event_kind,
    accepted.is_duplicate,
    accepted.delivery_no,
    accepted.record,
    accepted.line
from accepted
inner join latest
    on accepted.case_key = latest.case_key
    and accepted.world_rank = latest.world_rank
