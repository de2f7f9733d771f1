-- grain: one delivery whose rows do not add up
-- Where each row of a file is an event, the rows that are counted are events, and each case of them must be there once.
with events as (
    select
        told.delivery_no,
        told.record,
        told.case_key
    from staged.new_case_events as told
),

of_events as (
    select
        events.delivery_no,
        count(distinct events.case_key) as cases_told
    from events
    group by events.delivery_no
),

typed as (
    select
        cases.delivery_no,
        cases.record
    from staged.new_cases as cases
    left join of_events on cases.delivery_no = of_events.delivery_no
    where of_events.delivery_no is null
    union all
    select
        applications.delivery_no,
        applications.record
    from staged.new_registrations as applications
    union all
    select
        events.delivery_no,
        events.record
    from events
    union all
    select
        corrections.delivery_no,
        corrections.record
    from staged.new_corrections as corrections
    union all
    select
        clock_events.delivery_no,
        clock_events.record
    from staged.new_clock_events as clock_events
    union all
    select
        results.delivery_no,
        results.record
    from staged.new_enforcement_results as results
    union all
    -- one source row may give several numbers: it is accepted once
    select distinct
        totals.delivery_no,
        totals.record
    from staged.new_totals as totals
),

accepted as (
    select
        typed.delivery_no,
        count(*) as accepted
    from typed
    left join (
        select distinct
            rows_aside.delivery_no,
            rows_aside.record
        from quality.set_aside as rows_aside
    ) as aside
        on typed.delivery_no = aside.delivery_no
        and typed.record = aside.record
    where aside.record is null
    group by typed.delivery_no
),

aside as (
    select
        rows_aside.delivery_no,
        count(distinct rows_aside.record) as set_aside
    from quality.set_aside as rows_aside
    group by rows_aside.delivery_no
),

-- only where a file holds cases and their events in one: each case stands for one of its own events
made as (
    select
        cases.delivery_no,
        count(*) as cases_made,
        count(distinct case when events.case_key = cases.case_key then cases.case_key end) as cases_of_an_event
    from staged.new_cases as cases
    inner join of_events on cases.delivery_no = of_events.delivery_no
    left join events
        on cases.delivery_no = events.delivery_no
        and cases.record = events.record
    group by cases.delivery_no
)

select
    concat(deliveries.file, ' (delivery ', cast(deliveries.delivery_no as varchar), ')') as item,
    cast(null as varchar) as court_code,
    cast(null as date) as first_day,
    cast(null as date) as last_day
from model.deliveries as deliveries
left join accepted on deliveries.delivery_no = accepted.delivery_no
left join aside on deliveries.delivery_no = aside.delivery_no
left join of_events on deliveries.delivery_no = of_events.delivery_no
left join made on deliveries.delivery_no = made.delivery_no
where deliveries.taken_in = $refresh_no
    and (
        deliveries.rows_delivered <> coalesce(accepted.accepted, 0)
        + coalesce(aside.set_aside, 0)
        + deliveries.rows_duplicate
        or (
            deliveries.feeds = 'cases'
            and of_events.cases_told is not null
            and (
                coalesce(made.cases_made, 0) <> of_events.cases_told
                or coalesce(made.cases_of_an_event, 0) <> of_events.cases_told
            )
        )
    )
