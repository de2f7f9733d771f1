-- grain: one delivery and column of days
with told as (
    select
        delivered.delivery_no,
        'registered_on' as column_name,
        delivered.registered_on as day
    from staged.new_cases as delivered
    where delivered.registered_on is not null
    union all
    select
        delivered.delivery_no,
        'closed_on' as column_name,
        delivered.closed_on as day
    from staged.new_cases as delivered
    where delivered.closed_on is not null
    union all
    select
        delivered.delivery_no,
        'received_on' as column_name,
        delivered.received_on as day
    from staged.new_registrations as delivered
    where delivered.received_on is not null
    union all
    select
        delivered.delivery_no,
        'decided_on' as column_name,
        delivered.decided_on as day
    from staged.new_registrations as delivered
    where delivered.decided_on is not null
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    told.column_name as series,
    -- 2000-01-03 was a Monday
    cast(sum(case when date_diff('day', date '2000-01-03', told.day) % 7 in (5, 6) then 1 else 0 end) as double)
        / count(*) as value,
    count(*) as n
from told
inner join model.deliveries as deliveries on told.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    told.column_name
