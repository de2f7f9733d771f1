-- grain: one case that was first told by a later extract than the one that had covered its day of registration
with firsts as (
    select
        history.case_key,
        min(deliveries.world_rank) as world_rank
    from model.case_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
    group by history.case_key
),

covered as (
    select
        earlier.source,
        later.delivery_no,
        max(earlier.data_until) as covered_until
    from model.deliveries as later
    inner join model.deliveries as earlier
        on later.source = earlier.source
        and earlier.world_rank < later.world_rank
    where later.feeds = 'cases'
    group by
        earlier.source,
        later.delivery_no
)

select
    cases.court_code,
    cases.case_number,
    cases.bench_code,
    cases.registered_on,
    covered.covered_until,
    deliveries.file as first_told,
    date_diff('day', cases.registered_on, covered.covered_until) as days_late
from firsts
inner join model.cases as cases on firsts.case_key = cases.case_key
inner join model.case_history as history on firsts.case_key = history.case_key
inner join model.deliveries as deliveries
    on history.delivery_no = deliveries.delivery_no
    and firsts.world_rank = deliveries.world_rank
inner join covered on deliveries.delivery_no = covered.delivery_no
where date_diff('day', cases.registered_on, covered.covered_until) >= cast($days as integer)
    and history.known_from <= $refresh_no
order by
    days_late desc,
    cases.case_number
