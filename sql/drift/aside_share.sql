-- grain: one delivery
with aside as (
    select
        set_aside.delivery_no,
        count(distinct set_aside.record) as row_count
    from quality.set_aside as set_aside
    where set_aside.set_aside_in = $refresh_no
        and set_aside.reason_code <> 'NO_CASE'
    group by set_aside.delivery_no
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    '' as series,
    cast(coalesce(aside.row_count, 0) as double) / deliveries.rows_delivered as value,
    deliveries.rows_delivered as n
from model.deliveries as deliveries
left join aside on deliveries.delivery_no = aside.delivery_no
where deliveries.taken_in = $refresh_no
    and deliveries.rows_delivered > 0
