-- grain: one row that breaks the rule, and the column at fault
with amounts as (
    select
        cases.delivery_no,
        cases.record,
        cases.line,
        cases.case_key,
        cases.court_code,
        cases.amount_applied,
        cases.amount_realised
    from staged.new_cases as cases
    union all
    select
        results.delivery_no,
        results.record,
        results.line,
        results.result_key as case_key,
        results.court_code,
        results.amount_applied,
        results.amount_realised
    from staged.new_enforcement_results as results
)

select
    amounts.delivery_no,
    amounts.record,
    amounts.line,
    amounts.case_key as case_key,
    amounts.court_code,
    'amount_applied' as column_name,
    cast(amounts.amount_applied as varchar) as value
from amounts
where amounts.amount_applied < 0
union all
select
    amounts.delivery_no,
    amounts.record,
    amounts.line,
    amounts.case_key as case_key,
    amounts.court_code,
    'amount_realised' as column_name,
    cast(amounts.amount_realised as varchar) as value
from amounts
where amounts.amount_realised < 0
    or (amounts.amount_applied > 0 and amounts.amount_realised > 3 * amounts.amount_applied)
