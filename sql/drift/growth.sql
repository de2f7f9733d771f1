-- grain: one snapshot that follows another one
with followed as (
    select
        deliveries.delivery_no,
        deliveries.source,
        deliveries.extract_on,
        deliveries.world_rank,
        deliveries.taken_in,
        cast(deliveries.rows_delivered as double) as row_count,
        lag(deliveries.extract_on) over (partition by deliveries.source order by deliveries.world_rank) as extract_before,
        lag(cast(deliveries.rows_delivered as double))
            over (partition by deliveries.source order by deliveries.world_rank) as rows_before
    from model.deliveries as deliveries
    where deliveries.kind = 'snapshot'
        -- a file whose bytes came before has no place
        and deliveries.world_rank is not null
)

select
    followed.world_rank as place,
    followed.delivery_no,
    followed.source,
    '' as series,
    ln((1 + followed.row_count) / (1 + followed.rows_before))
        / greatest(1, date_diff('day', followed.extract_before, followed.extract_on)) as value,
    1 as n
from followed
where followed.taken_in = $refresh_no
    and followed.rows_before is not null
