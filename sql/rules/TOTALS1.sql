-- grain: one row that breaks the rule, and the measure at fault
with conflicts as (
    select
        twins.delivery_no,
        twins.total_key
    from staged.new_totals as twins
    group by
        twins.delivery_no,
        twins.total_key
    having count(*) > 1
)

select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.row_key as case_key,
    cast(null as varchar) as court_code,
    delivered.measure as column_name,
    min(delivered.total_key) as value
from staged.new_totals as delivered
inner join conflicts
    on delivered.delivery_no = conflicts.delivery_no
    and delivered.total_key = conflicts.total_key
group by
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.row_key,
    delivered.measure
