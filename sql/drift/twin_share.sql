-- grain: one delivery of cases
with told as (
    select
        delivered.delivery_no,
        delivered.case_key,
        concat(
            cast(delivered.registered_on as varchar), '|', coalesce(cast(delivered.closed_on as varchar), ''), '|',
            coalesce(delivered.type_characters, delivered.type_code, ''), '|', coalesce(delivered.procedure, ''), '|',
            coalesce(delivered.bench_code, ''), '|', coalesce(delivered.judge_code, ''), '|',
            coalesce(delivered.closing_manner, ''), '|', coalesce(cast(delivered.amount_applied as varchar), ''), '|',
            coalesce(cast(delivered.amount_realised as varchar), '')
        ) as content
    from staged.new_cases as delivered
    where delivered.case_key is not null
),

alike as (
    select
        told.delivery_no,
        told.content,
        count(distinct told.case_key) as case_count
    from told
    group by
        told.delivery_no,
        told.content
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    '' as series,
    cast(sum(alike.case_count - 1) as double) / sum(alike.case_count) as value,
    sum(alike.case_count) as n
from alike
inner join model.deliveries as deliveries on alike.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source
