-- grain: one row about one result of an enforcement (执行结果), as delivered and accepted
-- The row of an entry that was delivered last by extract date stands (model.enforcement_results).
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    cast($refresh_no as bigint) as known_from,
    delivered.result_key,
    delivered.case_key,
    delivered.case_number,
    delivered.court_code,
    delivered.result_on,
    delivered.amount_applied,
    delivered.amount_realised,
    delivered.property_found,
    delivered.outcome,
    delivered.is_void
from staged.new_enforcement_results as delivered
left join (
    select distinct
        set_aside.delivery_no,
        set_aside.record
    from quality.set_aside as set_aside
) as refused
    on delivered.delivery_no = refused.delivery_no
    and delivered.record = refused.record
left join model.enforcement_result_history as known
    on delivered.delivery_no = known.delivery_no
    and delivered.record = known.record
where refused.record is null
    and known.record is null
