-- grain: one delivery and contracted column
select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    fields.column_name as series,
    cast(sum(case when fields.value is null or fields.value = '' then fields.row_count else 0 end) as double)
        / sum(fields.row_count) as value,
    sum(fields.row_count) as n
from fields
inner join model.deliveries as deliveries on fields.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    fields.column_name
