-- grain: one delivery of cases or applications that brings what is new
with told as (
    select
        delivered.delivery_no,
        delivered.case_key as row_key
    from staged.new_cases as delivered
    union all
    select
        delivered.delivery_no,
        delivered.application_key as row_key
    from staged.new_registrations as delivered
),

known as (
    select history.case_key as row_key
    from model.case_history as history
    where history.known_from < $refresh_no
    union
    select history.application_key as row_key
    from model.registration_history as history
    where history.known_from < $refresh_no
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    '' as series,
    cast(count(known.row_key) as double) / count(*) as value,
    count(*) as n
from told
inner join model.deliveries as deliveries on told.delivery_no = deliveries.delivery_no
left join known on told.row_key = known.row_key
where deliveries.taken_in = $refresh_no
    and deliveries.kind <> 'snapshot'
    -- what a later delivery of one and the same refresh brings was not known before it
    and (select count(*) from model.deliveries as others
        where others.taken_in = $refresh_no and others.source = deliveries.source) = 1
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source
