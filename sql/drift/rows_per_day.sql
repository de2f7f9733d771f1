-- grain: one delivery that brings what is new, more than four days after the one before it
with followed as (
    select
        deliveries.delivery_no,
        deliveries.source,
        deliveries.kind,
        deliveries.extract_on,
        deliveries.world_rank,
        deliveries.taken_in,
        deliveries.rows_delivered,
        lag(deliveries.extract_on) over (partition by deliveries.source order by deliveries.world_rank) as extract_before
    from model.deliveries as deliveries
    -- a file whose bytes came before has no place
    where deliveries.world_rank is not null
)

select
    followed.world_rank as place,
    followed.delivery_no,
    followed.source,
    '' as series,
    ln(1 + cast(followed.rows_delivered as double) / date_diff('day', followed.extract_before, followed.extract_on)) as value,
    1 as n
from followed
where followed.taken_in = $refresh_no
    and followed.kind <> 'snapshot'
    and followed.extract_on > followed.extract_before + 4
