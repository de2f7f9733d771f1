-- grain: one case that is called $wanted: its key, or its number as delivered
select
    cases.case_key,
    cases.case_number,
    cases.court_code,
    cases.type_code,
    cases.family,
    cases.counts_as,
    cases.procedure,
    cases.bench_code,
    cases.registered_on,
    cases.closed_on,
    cases.reopened_on,
    cases.closing_manner,
    cases.closing_effect,
    cases.origin_case_number,
    cases.origin_case_key,
    cases.is_private_prosecution,
    cases.is_void,
    cases.is_counted,
    cases.amount_applied,
    cases.amount_realised
from model.cases as cases
where cases.case_key = $wanted
    or cases.case_number = $wanted
order by cases.case_key
