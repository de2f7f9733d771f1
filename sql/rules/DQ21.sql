-- grain: one row that breaks the rule, and the column at fault
with lives as (
    select
        cases.case_key,
        min(cases.registered_on) as registered_on,
        case when count(*) = count(cases.closed_on) then max(cases.closed_on) end as closed_on
    from staged.cases as cases
    group by cases.case_key
)

select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.event_key as case_key,
    delivered.court_code,
    case when delivered.to_on < delivered.from_on then 'to_on' else 'from_on' end as column_name,
    cast(case when delivered.to_on < delivered.from_on then delivered.to_on else delivered.from_on end as varchar) as value
from staged.new_clock_events as delivered
left join lives on delivered.case_key = lives.case_key
where delivered.kind in ('deduction', 'suspension')
    and (
        delivered.from_on is null
        or delivered.to_on < delivered.from_on
        or delivered.to_on < lives.registered_on
        or delivered.from_on > lives.closed_on
    )
