-- grain: one source and court of the profile, or rows of none: rows delivered, and rows set aside that are still open
with delivered as (
    select
        deliveries.source,
        deliveries.feeds,
        sum(deliveries.rows_delivered) as rows_delivered
    from model.deliveries as deliveries
    group by
        deliveries.source,
        deliveries.feeds
),

aside as (
    select distinct
        set_aside.delivery_no,
        set_aside.record,
        -- a number of another court is a slip: held against the few rows that slipped alike it would stop everything
        case when array_contains($courts, set_aside.court_code) then set_aside.court_code end as court_code,
        deliveries.source
    from quality.set_aside as set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
    left join quality.rectified as rectified
        on set_aside.delivery_no = rectified.delivery_no
        and set_aside.record = rectified.record
    where rectified.record is null
        and coalesce(set_aside.reason_code, '') <> 'NO_CASE'
),

courts as (
    select distinct aside.court_code
    from aside
    where aside.court_code is not null
),

rows_there as (
    select
        typed.delivery_no,
        typed.court_code,
        count(*) as rows_of_court
    from staged.cases as typed
    inner join courts on typed.court_code = courts.court_code
    -- where the rows of a file are events, these are what is counted
    left join (
        select distinct told.delivery_no
        from staged.case_events as told
    ) as of_events
        on typed.delivery_no = of_events.delivery_no
    where of_events.delivery_no is null
    group by
        typed.delivery_no,
        typed.court_code
    union all
    select
        typed.delivery_no,
        typed.court_code,
        count(*) as rows_of_court
    from staged.case_events as typed
    inner join courts on typed.court_code = courts.court_code
    group by
        typed.delivery_no,
        typed.court_code
    union all
    select
        typed.delivery_no,
        typed.court_code,
        count(*) as rows_of_court
    from staged.registrations as typed
    inner join courts on typed.court_code = courts.court_code
    group by
        typed.delivery_no,
        typed.court_code
    union all
    -- rows that could not be typed stand in no staged file
    select
        untyped.delivery_no,
        untyped.court_code,
        count(distinct untyped.record) as rows_of_court
    from quality.set_aside as untyped
    inner join courts on untyped.court_code = courts.court_code
    left join staged.case_events as told
        on untyped.delivery_no = told.delivery_no
        and untyped.record = told.record
    where untyped.reason_code in ('TYPE', 'TORN', 'EVENT', 'NO_CASE', 'KEY')
        and told.record is null
    group by
        untyped.delivery_no,
        untyped.court_code
),

delivered_there as (
    select
        deliveries.source,
        rows_there.court_code,
        sum(rows_there.rows_of_court) as rows_delivered
    from rows_there
    inner join model.deliveries as deliveries on rows_there.delivery_no = deliveries.delivery_no
    group by
        deliveries.source,
        rows_there.court_code
)

select
    delivered.source,
    aside.court_code,
    cast(max(coalesce(delivered_there.rows_delivered, delivered.rows_delivered)) as bigint) as rows_delivered,
    count(*) as open_rows
from aside
inner join delivered on aside.source = delivered.source
left join delivered_there
    on aside.source = delivered_there.source
    and aside.court_code = delivered_there.court_code
group by
    delivered.source,
    aside.court_code
