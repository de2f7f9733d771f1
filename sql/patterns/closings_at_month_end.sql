-- grain: one closing of a counted case on the last days of a month in which they hold more than their even share
with closings as (
    select
        spells.case_key,
        spells.court_code,
        spells.closed_on,
        last_day(spells.closed_on) as month_end
    from model.case_spells as spells
    where spells.closed_on between cast($data_from as date) and cast($counting_day as date)
        and last_day(spells.closed_on) <= cast($counting_day as date)
),

months as (
    select
        closings.court_code,
        closings.month_end,
        count(*) as among,
        sum(case when closings.closed_on > closings.month_end - cast($days as integer) then 1 else 0 end) as at_end
    from closings
    group by
        closings.court_code,
        closings.month_end
)

select
    closings.court_code,
    substr(cast(closings.month_end as varchar), 1, 7) as month,
    cases.case_number,
    closings.closed_on as happened_on,
    date_diff('day', closings.closed_on, closings.month_end) as measure,
    months.among
from closings
inner join months
    on closings.court_code = months.court_code
    and closings.month_end = months.month_end
inner join model.cases as cases on closings.case_key = cases.case_key
where months.at_end * extract(day from closings.month_end) > cast($times as integer) * cast($days as integer) * months.among
    and closings.closed_on > closings.month_end - cast($days as integer)
order by
    closings.court_code,
    closings.closed_on,
    cases.case_number
