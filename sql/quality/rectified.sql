-- grain: one row set aside that came right, or was sent again, and was not noted as such before
with aside as (
    select distinct
        set_aside.delivery_no,
        set_aside.record,
        set_aside.case_key,
        deliveries.feeds,
        deliveries.world_rank,
        coalesce(deliveries.was_sent_again, false) as was_sent_again
    from quality.set_aside as set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
    left join quality.rectified as known
        on set_aside.delivery_no = known.delivery_no
        and set_aside.record = known.record
    where coalesce(set_aside.reason_code, '') <> 'NO_CASE'
        and known.delivery_no is null
),

later as (
    select
        cases.delivery_no,
        cases.record,
        cases.case_key,
        'cases' as feeds
    from staged.cases as cases
    inner join aside on cases.case_key = aside.case_key
    where not cases.is_duplicate
    union
    select
        applications.delivery_no,
        applications.record,
        applications.application_key as case_key,
        'registrations' as feeds
    from staged.registrations as applications
    inner join aside on applications.application_key = aside.case_key
    where not applications.is_duplicate
    union
    select
        events.delivery_no,
        events.record,
        events.event_key as case_key,
        'clock_events' as feeds
    from staged.clock_events as events
    inner join aside on events.event_key = aside.case_key
    where not events.is_duplicate
    union
    select
        results.delivery_no,
        results.record,
        results.result_key as case_key,
        'enforcement_results' as feeds
    from staged.enforcement_results as results
    inner join aside on results.result_key = aside.case_key
    where not results.is_duplicate
    union
    -- the numbers of one row are set aside together, under what they share
    select
        totals.delivery_no,
        totals.record,
        totals.row_key as case_key,
        'totals' as feeds
    from staged.totals as totals
    inner join aside on totals.row_key = aside.case_key
    where not totals.is_duplicate
    union
    select
        told.delivery_no,
        told.record,
        told.case_key,
        'case_events' as feeds
    from staged.case_events as told
    inner join aside on told.case_key = aside.case_key
    where not told.is_duplicate
),

accepted as (
    select
        later.case_key,
        later.feeds,
        later.delivery_no,
        deliveries.world_rank
    from later
    inner join model.deliveries as deliveries on later.delivery_no = deliveries.delivery_no
    -- a delivery that also has the case wrong does not have it right
    left join quality.set_aside as also_aside
        on later.delivery_no = also_aside.delivery_no
        and (later.record = also_aside.record or later.case_key = also_aside.case_key)
    where also_aside.record is null
),

came_right as (
    select
        aside.delivery_no,
        aside.record,
        arg_min(accepted.delivery_no, accepted.world_rank) as by_delivery_no
    from aside
    inner join accepted
        on aside.case_key = accepted.case_key
        and aside.feeds = accepted.feeds
    where accepted.world_rank > aside.world_rank
    group by
        aside.delivery_no,
        aside.record
)

select distinct
    cast($refresh_no as bigint) as rectified_in,
    aside.delivery_no,
    aside.record,
    case when aside.was_sent_again then 'sent_again' else 'corrected' end as how,
    came_right.by_delivery_no
from aside
left join came_right
    on aside.delivery_no = came_right.delivery_no
    and aside.record = came_right.record
-- a file put right under its own name takes the place of the one before, readable keys or not
where aside.was_sent_again
    or came_right.by_delivery_no is not null
