-- grain: one closing on the last $days days of a month
with closings as (
    select
        spells.case_key,
        spells.court_code,
        spells.closed_on,
        spells.closing_manner,
        count(*) over (
            partition by spells.court_code, extract(year from spells.closed_on), extract(month from spells.closed_on)
        ) as of_month
    from model.case_spells as spells
    where spells.closed_on between cast($data_from as date) and cast($counting_day as date)
        and spells.closed_on >= cast($since as date)
)

select
    closings.court_code,
    cases.case_number,
    cases.bench_code,
    closings.closed_on,
    closings.closing_manner,
    closings.of_month
from closings
inner join model.cases as cases on closings.case_key = cases.case_key
where closings.closed_on > last_day(closings.closed_on) - cast($days as integer)
order by
    closings.closed_on,
    cases.case_number
