-- grain: one case that breaks the rule
select distinct
    cases.case_number as item,
    cases.court_code,
    clocks.lawful_due_on as first_day,
    clocks.lawful_due_on as last_day
from model.case_clocks as clocks
inner join model.cases as cases on clocks.case_key = cases.case_key
where clocks.is_last
    and clocks.late_extensions > 0
