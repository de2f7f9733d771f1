-- grain: one case that breaks the rule
select distinct
    cases.case_number as item,
    cases.court_code,
    cases.closed_on as first_day,
    cases.closed_on as last_day
from model.clock_events as events
inner join model.cases as cases on events.case_key = cases.case_key
where events.kind in ('deduction', 'suspension')
    and events.to_on is null
    and cases.closed_on is not null
