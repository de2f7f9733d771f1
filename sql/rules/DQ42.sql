-- grain: one run of months without any row in one source
with told as (
    select distinct
        cases.delivery_no,
        year(cases.registered_on) * 12 + month(cases.registered_on) - 1 as month_no
    from model.cases as cases
    union
    select distinct
        cases.delivery_no,
        year(cases.closed_on) * 12 + month(cases.closed_on) - 1 as month_no
    from model.cases as cases
    union
    select distinct
        cases.delivery_no,
        year(cases.reopened_on) * 12 + month(cases.reopened_on) - 1 as month_no
    from model.cases as cases
    union
    select distinct
        events.delivery_no,
        year(events.event_on) * 12 + month(events.event_on) - 1 as month_no
    from model.case_events as events
    union
    select distinct
        applications.delivery_no,
        year(applications.received_on) * 12 + month(applications.received_on) - 1 as month_no
    from model.registration_decisions as applications
    union
    select distinct
        applications.delivery_no,
        year(applications.decided_on) * 12 + month(applications.decided_on) - 1 as month_no
    from model.registration_decisions as applications
    union
    select distinct
        applications.delivery_no,
        year(applications.registered_on) * 12 + month(applications.registered_on) - 1 as month_no
    from model.registration_decisions as applications
),

months as (
    select distinct
        deliveries.source,
        deliveries.feeds,
        deliveries.kind,
        told.month_no
    from told
    inner join model.deliveries as deliveries on told.delivery_no = deliveries.delivery_no
    where told.month_no >= year($data_from) * 12 + month($data_from) - 1
),

followed as (
    select
        months.source,
        months.feeds,
        months.kind,
        months.month_no,
        lag(months.month_no) over (partition by months.source order by months.month_no) as month_before
    from months
),

empty as (
    select
        followed.source,
        followed.feeds,
        followed.kind,
        make_date(cast(floor((followed.month_before + 1) / 12) as integer), (followed.month_before + 1) % 12 + 1, 1) as first_day,
        make_date(cast(floor(followed.month_no / 12) as integer), followed.month_no % 12 + 1, 1) - 1 as last_day
    from followed
    where followed.month_no > followed.month_before + 1
)

select
    concat(empty.source, ' ', substr(cast(empty.first_day as varchar), 1, 7),
        case
            when empty.last_day > empty.first_day + 31 then concat('..', substr(cast(empty.last_day as varchar), 1, 7))
            else ''
        end) as item,
    cast(null as varchar) as court_code,
    empty.first_day,
    empty.last_day,
    empty.feeds as metric,
    case when empty.kind = 'snapshot' then 0 end as share
from empty
