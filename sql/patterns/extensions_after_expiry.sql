-- grain: one case whose limit ended before an extension of it was granted
with ended as (
    select
        clocks.case_key,
        clocks.lawful_due_on,
        clocks.late_extensions,
        clocks.extended_months,
        clocks.extended_days,
        substr(cast(clocks.lawful_due_on as varchar), 1, 7) as month
    from model.case_clocks as clocks
    where clocks.is_last
        and (clocks.late_extensions > 0 or clocks.extended_months > 0 or clocks.extended_days > 0)
        and clocks.lawful_due_on between cast($data_from as date) and cast($counting_day as date)
),

months as (
    select
        cases.court_code,
        ended.month,
        count(*) as among
    from ended
    inner join model.cases as cases on ended.case_key = cases.case_key
    group by
        cases.court_code,
        ended.month
)

select
    cases.court_code,
    ended.month,
    cases.case_number,
    ended.lawful_due_on as happened_on,
    cast(ended.late_extensions as bigint) as measure,
    months.among
from ended
inner join model.cases as cases on ended.case_key = cases.case_key
inner join months
    on cases.court_code = months.court_code
    and ended.month = months.month
where ended.late_extensions > 0
order by
    cases.court_code,
    ended.lawful_due_on,
    cases.case_number
