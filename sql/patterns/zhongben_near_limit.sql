-- grain: one spell of an enforcement case that 终本 closed within the last days of its limit
with ended as (
    select
        spells.case_key,
        spells.court_code,
        spells.closed_on,
        clocks.lawful_due_on,
        substr(cast(spells.closed_on as varchar), 1, 7) as month
    from model.case_spells as spells
    inner join model.case_clocks as clocks
        on spells.case_key = clocks.case_key
        and spells.opened_on = clocks.opened_on
    where spells.closing_effect = 'zhongben'
        and clocks.is_last
        and spells.closed_on between cast($data_from as date) and cast($counting_day as date)
),

months as (
    select
        ended.court_code,
        ended.month,
        count(*) as among
    from ended
    group by
        ended.court_code,
        ended.month
)

select
    ended.court_code,
    ended.month,
    cases.case_number,
    ended.closed_on as happened_on,
    date_diff('day', ended.closed_on, ended.lawful_due_on) as measure,
    months.among
from ended
inner join months
    on ended.court_code = months.court_code
    and ended.month = months.month
inner join model.cases as cases on ended.case_key = cases.case_key
where ended.closed_on <= ended.lawful_due_on
    and ended.closed_on > ended.lawful_due_on - cast($days as integer)
order by
    ended.court_code,
    ended.closed_on,
    cases.case_number
