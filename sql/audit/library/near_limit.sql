-- grain: one counted case, pending on the counting day, whose lawful limit ends within $days days or has ended
select
    cases.court_code,
    cases.case_number,
    cases.bench_code,
    clocks.opened_on as registered_on,
    clocks.limit_id,
    clocks.lawful_due_on,
    date_diff('day', cast($counting_day as date), clocks.lawful_due_on) as days_left
from model.case_clocks as clocks
inner join model.cases as cases on clocks.case_key = cases.case_key
where clocks.is_last
    and (clocks.closed_on is null or clocks.closed_on > cast($counting_day as date))
    and clocks.opened_on <= cast($counting_day as date)
    and clocks.lawful_due_on <= cast($counting_day as date) + cast($days as integer)
order by
    clocks.lawful_due_on,
    cases.case_number
