-- grain: one scope and period in which the rule is broken
with parts as (
    select
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        sum(case when cells.metric in ('pending_start', 'filed', 'reopened') then cells.numerator else 0 end)
        - sum(case when cells.metric = 'closed' then cells.numerator else 0 end) as expected,
        sum(case when cells.metric = 'pending_end' then cells.numerator else 0 end) as found
    from metrics.new_cells as cells
    where cells.metric in ('pending_start', 'filed', 'reopened', 'closed', 'pending_end')
    group by
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family
)

select
    concat(parts.calendar_id, ' ', parts.period_id, ' ', parts.court, ' ', parts.family) as item,
    parts.court as court_code,
    periods.start_on as first_day,
    periods.end_on as last_day,
    cast(null as varchar) as metric,
    cast(null as double) as share,
    parts.family
from parts
inner join model.periods as periods
    on parts.calendar_id = periods.calendar_id
    and parts.period_id = periods.period_id
where parts.expected <> parts.found
