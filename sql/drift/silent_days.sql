-- grain: one source at one refresh, told of the newest delivery that it took
with newest as (
    select
        deliveries.delivery_no,
        deliveries.extract_on,
        deliveries.world_rank,
        row_number() over (order by deliveries.extract_on desc, deliveries.world_rank desc, deliveries.source) as age
    from model.deliveries as deliveries
    where deliveries.taken_in = $refresh_no
),

earlier as (
    select
        deliveries.source,
        max(deliveries.extract_on) as extract_on
    from model.deliveries as deliveries
    where deliveries.taken_in < $refresh_no
    group by deliveries.source
),

-- holidays, where the profile has them
off as (
    select
        earlier.source,
        count(*) as days_off
    from newest
    cross join earlier
    inner join model.working_days as days
        on days.day > earlier.extract_on
        and days.day <= newest.extract_on
    where newest.age = 1
        and not days.is_working
    group by earlier.source
)

select
    newest.world_rank as place,
    newest.delivery_no,
    earlier.source,
    '' as series,
    cast(greatest(0, date_diff('day', earlier.extract_on, newest.extract_on) - coalesce(off.days_off, 0)) as double) as value,
    1 as n
from newest
cross join earlier
left join off on earlier.source = off.source
where newest.age = 1
