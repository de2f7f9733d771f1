-- grain: one published total of a delivery that holds no more than two hundred of them
with sized as (
    select
        delivered.delivery_no,
        count(*) as row_count
    from staged.new_totals as delivered
    group by delivered.delivery_no
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    concat(delivered.measure, case when delivered.dims <> '' then concat(' ', delivered.dims) else '' end) as series,
    ln(max(cast(delivered.value as double))) as value,
    1 as n
from staged.new_totals as delivered
inner join sized on delivered.delivery_no = sized.delivery_no
inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
    and sized.row_count <= 200
    and delivered.value > 0
    and delivered.measure_kind = 'stock'
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    delivered.measure,
    delivered.dims
