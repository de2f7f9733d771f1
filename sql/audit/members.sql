-- grain: one counted member, with the row that it was counted from
select
    counted.case_key,
    coalesce(rows_counted.case_number, counted.case_key) as case_number,
    counted.part,
    counted.counted_on,
    counted.numerator,
    counted.denominator,
    rows_counted.delivery_no,
    rows_counted.record,
    rows_counted.line
from counted
left join (
    select
        cases.case_key as member_key,
        cases.case_number,
        cases.delivery_no,
        cases.record,
        cases.line
    from model.cases as cases
    union all
    select
        decisions.application_key as member_key,
        decisions.case_number,
        decisions.delivery_no,
        decisions.record,
        decisions.line
    from model.registration_decisions as decisions
) as rows_counted
    on counted.case_key = rows_counted.member_key
order by
    counted.counted_on,
    counted.case_key,
    counted.part
