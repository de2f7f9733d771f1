-- grain: one delivery that brings what is new, within four days of the one before it, by weekday, weekend, holiday or end of a month
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
    case
        when month(followed.extract_on + 1) <> month(followed.extract_on) then 'month end'
        when not days.is_working and date_diff('day', date '2000-01-03', followed.extract_on) % 7 < 5 then 'holiday'
        when not days.is_working then 'weekend'
        -- Monday is 1: 2000-01-03 was one
        else cast(date_diff('day', date '2000-01-03', followed.extract_on) % 7 + 1 as varchar)
    end as series,
    cast(followed.rows_delivered as double) as value,
    1 as n
from followed
left join model.working_days as days on followed.extract_on = days.day
where followed.taken_in = $refresh_no
    and followed.kind <> 'snapshot'
    and followed.extract_on <= followed.extract_before + 4
