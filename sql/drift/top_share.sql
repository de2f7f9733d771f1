-- grain: one delivery and restricted column of codes
with filled as (
    select
        fields.delivery_no,
        fields.column_name,
        sum(fields.row_count) as row_count,
        max(fields.row_count) as most
    from fields
    where fields.value is not null
        and fields.value not in ('*', '')
        and array_contains($restricted, fields.column_name)
    group by
        fields.delivery_no,
        fields.column_name
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    filled.column_name as series,
    cast(filled.most as double) / filled.row_count as value,
    filled.row_count as n
from filled
inner join model.deliveries as deliveries on filled.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
