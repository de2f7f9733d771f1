-- grain: one source and court: rows delivered, and rows set aside that no later accepted version rectified
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
        set_aside.case_key,
        set_aside.court_code,
        deliveries.source,
        deliveries.feeds,
        deliveries.world_rank
    from quality.set_aside as set_aside
    inner join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
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
),

rectified as (
    select distinct
        aside.delivery_no,
        aside.record
    from aside
    inner join later
        on aside.case_key = later.case_key
        and aside.feeds = later.feeds
    inner join model.deliveries as deliveries on later.delivery_no = deliveries.delivery_no
    left join aside as also_aside
        on later.delivery_no = also_aside.delivery_no
        and later.record = also_aside.record
    where deliveries.world_rank > aside.world_rank
        and also_aside.record is null
)

select
    delivered.source,
    aside.court_code,
    cast(max(delivered.rows_delivered) as bigint) as rows_delivered,
    count(*) as open_rows
from aside
inner join delivered on aside.source = delivered.source
left join rectified
    on aside.delivery_no = rectified.delivery_no
    and aside.record = rectified.record
where rectified.record is null
group by
    delivered.source,
    aside.court_code
