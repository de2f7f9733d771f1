-- grain: one case pending on the counting day of which nothing was told for more than $days days
with told as (
    select
        spells.case_key,
        spells.opened_on as told_on
    from model.case_spells as spells
    union all
    select
        events.case_key,
        coalesce(events.from_on, events.approved_on) as told_on
    from model.clock_events as events
    union all
    select
        results.case_key,
        results.result_on as told_on
    from model.enforcement_results as results
    union all
    select
        history.case_key,
        deliveries.data_until as told_on
    from model.case_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
),

latest as (
    select
        told.case_key,
        max(told.told_on) as told_on
    from told
    where told.told_on <= cast($counting_day as date)
    group by told.case_key
)

select
    cases.court_code,
    cases.case_number,
    cases.bench_code,
    spells.opened_on as registered_on,
    latest.told_on as last_told_on,
    date_diff('day', latest.told_on, cast($counting_day as date)) as days_silent
from model.case_spells as spells
inner join model.cases as cases on spells.case_key = cases.case_key
inner join latest on spells.case_key = latest.case_key
where (spells.closed_on is null or spells.closed_on > cast($counting_day as date))
    and spells.opened_on <= cast($counting_day as date)
    and date_diff('day', latest.told_on, cast($counting_day as date)) > cast($days as integer)
order by
    latest.told_on,
    cases.case_number
