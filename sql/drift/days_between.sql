-- grain: one delivery and pair of days
with told as (
    select
        delivered.delivery_no,
        'registered_on..closed_on' as pair,
        date_diff('day', delivered.registered_on, delivered.closed_on) as days
    from staged.new_cases as delivered
    where delivered.registered_on <= delivered.closed_on
    union all
    select
        delivered.delivery_no,
        'received_on..decided_on' as pair,
        date_diff('day', delivered.received_on, delivered.decided_on) as days
    from staged.new_registrations as delivered
    where delivered.received_on <= delivered.decided_on
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    told.pair as series,
    avg(ln(1 + cast(told.days as double))) as value,
    count(*) as n
from told
inner join model.deliveries as deliveries on told.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    told.pair
