-- grain: one scope and period in which the rule is broken
with counted as (
    select
        'filed' as metric,
        year(spells.opened_on) as counted_year,
        cases.court_code,
        cases.family,
        count(*) as cases_counted
    from model.case_spells as spells
    inner join model.cases as cases on spells.case_key = cases.case_key
    where spells.opened_as = 'filed'
        and spells.opened_on between $data_from and $counting_day
    group by
        year(spells.opened_on),
        cases.court_code,
        cases.family
    union all
    select
        'closed' as metric,
        year(spells.closed_on) as counted_year,
        cases.court_code,
        cases.family,
        count(*) as cases_counted
    from model.case_spells as spells
    inner join model.cases as cases on spells.case_key = cases.case_key
    where spells.closed_on between $data_from and $counting_day
    group by
        year(spells.closed_on),
        cases.court_code,
        cases.family
),

summed as (
    select
        cells.metric,
        year(periods.end_on) as counted_year,
        cells.court,
        cells.family,
        sum(cells.numerator) as cases_summed
    from metrics.new_cells as cells
    inner join model.periods as periods
        on cells.calendar_id = periods.calendar_id
        and cells.period_id = periods.period_id
    where cells.calendar_id = 'cal_month'
        and cells.metric in ('filed', 'closed')
    group by
        cells.metric,
        year(periods.end_on),
        cells.court,
        cells.family
)

select
    concat(parts.metric, ' ', cast(parts.counted_year as varchar), ' ', parts.court, ' ', parts.family) as item,
    parts.court as court_code,
    make_date(parts.counted_year, 1, 1) as first_day,
    make_date(parts.counted_year, 12, 31) as last_day,
    cast(null as varchar) as metric,
    cast(null as double) as share,
    parts.family
from (
    select
        counted.metric,
        counted.counted_year,
        coalesce(counted.court_code, 'none') as court,
        counted.family,
        counted.cases_counted as difference
    from counted
    union all
    select
        summed.metric,
        summed.counted_year,
        summed.court,
        summed.family,
        -summed.cases_summed as difference
    from summed
) as parts
group by
    parts.metric,
    parts.counted_year,
    parts.court,
    parts.family
having sum(parts.difference) <> 0
