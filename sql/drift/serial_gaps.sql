-- grain: one delivery of cases: the numbers that it skips, of those between the greatest known and its own greatest
with told as (
    select
        delivered.delivery_no,
        delivered.court_code,
        delivered.number_year,
        concat(coalesce(delivered.special_code, ''), delivered.type_characters) as characters,
        delivered.serial
    from staged.new_cases as delivered
    where delivered.number_form is not null
        and array_contains($courts, delivered.court_code)
        -- criminal review cases (刑核) carry random serials of eight digits
        and delivered.serial < 10000000
),

known as (
    select
        history.court_code,
        history.number_year,
        concat(coalesce(history.special_code, ''), history.type_characters) as characters,
        max(history.serial) as serial
    from model.case_history as history
    where history.known_from < $refresh_no
        and history.number_form is not null
        and history.serial < 10000000
    group by
        history.court_code,
        history.number_year,
        concat(coalesce(history.special_code, ''), history.type_characters)
),

runs as (
    select
        told.delivery_no,
        max(told.serial) - coalesce(max(known.serial), min(told.serial) - 1) as given,
        count(distinct told.serial) as seen
    from told
    left join known
        on told.court_code = known.court_code
        and told.number_year = known.number_year
        and told.characters = known.characters
    where told.serial > coalesce(known.serial, 0)
    group by
        told.delivery_no,
        told.court_code,
        told.number_year,
        told.characters
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    '' as series,
    cast(sum(runs.given - runs.seen) as double) / sum(runs.given) as value,
    cast(sum(runs.given) as bigint) as n
from runs
inner join model.deliveries as deliveries on runs.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
    and deliveries.kind <> 'snapshot'
    and (select count(*) from model.deliveries as others
        where others.taken_in = $refresh_no and others.source = deliveries.source) = 1
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source
