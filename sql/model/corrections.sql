-- grain: one correction and what became of it
-- Held against the row that was delivered last: does it still say what was called wrong?
with last_rows as (
    select
        history.case_key,
        max(deliveries.world_rank) as world_rank
    from model.case_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.presence <> 'absent'
        and history.case_key in (select corrections.case_key from model.correction_history as corrections)
    group by history.case_key
),

delivered as (
    select
        history.case_key,
        history.court_code,
        history.procedure,
        history.bench_code,
        history.judge_code,
        cast(history.registered_on as varchar) as registered_on,
        cast(history.closed_on as varchar) as closed_on,
        cast(history.reopened_on as varchar) as reopened_on,
        history.closing_manner,
        cast(history.is_private_prosecution as varchar) as is_private_prosecution,
        cast(history.transferred_in as varchar) as transferred_in,
        cast(history.is_void as varchar) as is_void,
        cast(history.amount_applied as varchar) as amount_applied,
        cast(history.amount_realised as varchar) as amount_realised,
        history.type_code
    from last_rows
    inner join model.deliveries as deliveries
        on last_rows.world_rank = deliveries.world_rank
        and deliveries.feeds = 'cases'
    inner join model.case_history as history
        on last_rows.case_key = history.case_key
        and deliveries.delivery_no = history.delivery_no
),

told as (
    select
        corrections.case_key,
        corrections.case_number,
        corrections.column_name,
        corrections.old_value,
        corrections.new_value,
        corrections.new_case_key,
        corrections.made_by,
        corrections.reason,
        corrections.made_on,
        corrections.delivery_no,
        corrections.record,
        corrections.line,
        corrections.known_from,
        delivered.court_code,
        delivered.case_key is not null as is_known,
        case corrections.column_name
            when 'procedure' then delivered.procedure
            when 'bench_code' then delivered.bench_code
            when 'judge_code' then delivered.judge_code
            when 'registered_on' then delivered.registered_on
            when 'closed_on' then delivered.closed_on
            when 'reopened_on' then delivered.reopened_on
            when 'closing_manner' then delivered.closing_manner
            when 'is_private_prosecution' then delivered.is_private_prosecution
            when 'transferred_in' then delivered.transferred_in
            when 'is_void' then delivered.is_void
            when 'amount_applied' then delivered.amount_applied
            when 'amount_realised' then delivered.amount_realised
            when 'type_code' then delivered.type_code
        end as delivered_value,
        lead(corrections.delivery_no) over (
            partition by corrections.case_key, corrections.column_name
            order by deliveries.world_rank, corrections.record
        ) is not null as is_replaced,
        lag(corrections.new_value) over (
            partition by corrections.case_key, corrections.column_name
            order by deliveries.world_rank, corrections.record
        ) as value_before
    from model.correction_history as corrections
    inner join model.deliveries as deliveries on corrections.delivery_no = deliveries.delivery_no
    left join delivered on corrections.case_key = delivered.case_key
)

select
    told.case_key,
    told.case_number,
    told.court_code,
    told.column_name,
    told.old_value,
    told.new_value,
    told.delivered_value,
    case
        when not told.is_known then 'no_such_case'
        when told.is_replaced then 'replaced'
        when told.new_case_key is not null then 'applied'
        when told.delivered_value is not distinct from told.new_value then 'mended_at_source'
        when told.delivered_value is not distinct from told.old_value then 'applied'
        when told.value_before is not distinct from told.old_value and told.value_before is not null then 'applied'
        else 'does_not_match'
    end as status,
    told.made_by,
    told.reason,
    told.made_on,
    told.delivery_no,
    told.record,
    told.line,
    told.known_from
from told
