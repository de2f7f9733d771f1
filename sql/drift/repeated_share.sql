-- grain: one delivery
select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    '' as series,
    cast(deliveries.rows_duplicate as double) / deliveries.rows_delivered as value,
    deliveries.rows_delivered as n
from model.deliveries as deliveries
where deliveries.taken_in = $refresh_no
    and deliveries.rows_delivered > 0
