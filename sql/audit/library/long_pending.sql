-- grain: one spell of a counted case, open on the counting day for more than $months months
select
    cases.court_code,
    cases.case_number,
    cases.bench_code,
    spells.opened_on as registered_on,
    date_diff('day', spells.opened_on, cast($counting_day as date)) as days_pending
from model.case_spells as spells
inner join model.cases as cases on spells.case_key = cases.case_key
where (spells.closed_on is null or spells.closed_on > cast($counting_day as date))
    and cast(spells.opened_on + cast($months as integer) * interval '1' month as date) < cast($counting_day as date)
order by
    spells.opened_on,
    cases.case_number
