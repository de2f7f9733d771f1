-- grain: one delivery that follows another one
select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    '' as series,
    cast(greatest(0, date_diff('day', deliveries.extract_on, max(earlier.extract_on))) as double) as value,
    1 as n
from model.deliveries as deliveries
inner join model.deliveries as earlier
    on deliveries.source = earlier.source
    and deliveries.taken_in > earlier.taken_in
where deliveries.taken_in = $refresh_no
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    deliveries.extract_on
