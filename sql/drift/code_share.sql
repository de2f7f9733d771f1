-- grain: one delivery, column of codes and code, of columns with at most sixty codes in the delivery
with filled as (
    select
        fields.delivery_no,
        fields.column_name,
        sum(fields.row_count) as row_count
    from fields
    where fields.value is not null
        and fields.value not in ('*', '')
        -- of these only the largest share is kept: top_share
        and not array_contains($restricted, fields.column_name)
    group by
        fields.delivery_no,
        fields.column_name
    having count(*) <= 60
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    concat(fields.column_name, '=', fields.value) as series,
    cast(sum(fields.row_count) as double) / max(filled.row_count) as value,
    max(filled.row_count) as n
from fields
inner join filled
    on fields.delivery_no = filled.delivery_no
    and fields.column_name = filled.column_name
inner join model.deliveries as deliveries on fields.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
    and fields.value is not null
    and fields.value not in ('*', '')
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    fields.column_name,
    fields.value
