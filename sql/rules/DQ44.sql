-- grain: one scope and period in which the rule is broken
with parts as (
    select
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        min(case when cells.metric in ('pending_start', 'pending_end') then cells.numerator end) as least_stock,
        sum(case when cells.metric in ('pending_start', 'filed') then cells.numerator else 0 end) as there,
        sum(case when cells.metric = 'closed' then cells.numerator else 0 end) as closed,
        sum(case when cells.metric = 'reopened' then cells.numerator else 0 end) as reopened
    from metrics.new_cells as cells
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
where parts.least_stock < 0
    or (parts.reopened = 0 and parts.closed > parts.there)
