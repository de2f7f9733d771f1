-- grain: one delivery of cases or applications that brings what is new
with told as (
    select
        delivered.delivery_no,
        greatest(delivered.registered_on, coalesce(delivered.closed_on, delivered.registered_on)) as day
    from staged.new_cases as delivered
    union all
    select
        delivered.delivery_no,
        greatest(
            delivered.received_on,
            coalesce(delivered.decided_on, delivered.received_on),
            coalesce(delivered.correction_notice_on, delivered.received_on),
            coalesce(delivered.corrected_material_on, delivered.received_on),
            coalesce(delivered.registered_on, delivered.received_on)
        ) as day
    from staged.new_registrations as delivered
),

followed as (
    select
        deliveries.delivery_no,
        deliveries.source,
        deliveries.kind,
        deliveries.world_rank,
        deliveries.taken_in,
        deliveries.extract_on,
        coalesce(
            lag(deliveries.extract_on) over (partition by deliveries.source order by deliveries.world_rank),
            deliveries.extract_on
        ) as extract_before
    from model.deliveries as deliveries
    -- a file whose bytes came before has no place
    where deliveries.world_rank is not null
)

select
    followed.world_rank as place,
    followed.delivery_no,
    followed.source,
    case when month(followed.extract_on + 1) <> month(followed.extract_on) then 'month end' else '' end as series,
    cast(sum(case when told.day < followed.extract_before - 15 then 1 else 0 end) as double) / count(*) as value,
    count(*) as n
from told
inner join followed on told.delivery_no = followed.delivery_no
where followed.taken_in = $refresh_no
    and followed.kind <> 'snapshot'
    and told.day is not null
group by
    followed.world_rank,
    followed.delivery_no,
    followed.source,
    followed.extract_on
