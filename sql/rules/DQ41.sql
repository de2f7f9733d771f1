-- grain: one source of cases in which the rule is broken
with newest as (
    select
        deliveries.source,
        max(deliveries.data_until) as data_until
    from model.deliveries as deliveries
    where deliveries.feeds = 'cases'
    group by deliveries.source
),

latest as (
    select
        deliveries.source,
        max(cases.registered_on) as registered_on
    from model.cases as cases
    inner join model.deliveries as deliveries on cases.delivery_no = deliveries.delivery_no
    group by deliveries.source
)

select
    newest.source as item,
    cast(null as varchar) as court_code,
    latest.registered_on as first_day,
    newest.data_until as last_day
from newest
inner join latest on newest.source = latest.source
inner join model.working_days as days
    on days.day > latest.registered_on
    and days.day <= newest.data_until
where days.is_working
group by
    newest.source,
    latest.registered_on,
    newest.data_until
having count(*) > 5
