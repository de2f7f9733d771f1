-- grain: one delivery and column of amounts
with told as (
    select
        delivered.delivery_no,
        'amount_applied' as column_name,
        delivered.amount_applied as amount
    from staged.new_cases as delivered
    where delivered.amount_applied > 0
    union all
    select
        delivered.delivery_no,
        'amount_realised' as column_name,
        delivered.amount_realised as amount
    from staged.new_cases as delivered
    where delivered.amount_realised > 0
    union all
    select
        delivered.delivery_no,
        'amount_realised' as column_name,
        delivered.amount_realised as amount
    from staged.new_enforcement_results as delivered
    where delivered.amount_realised > 0
)

select
    deliveries.world_rank as place,
    deliveries.delivery_no,
    deliveries.source,
    told.column_name as series,
    avg(ln(cast(told.amount as double))) as value,
    count(*) as n
from told
inner join model.deliveries as deliveries on told.delivery_no = deliveries.delivery_no
where deliveries.taken_in = $refresh_no
group by
    deliveries.world_rank,
    deliveries.delivery_no,
    deliveries.source,
    told.column_name
