-- grain: one scope and period in which the rule is broken
with stocks as (
    select
        cells.calendar_id,
        periods.ordinal + case when cells.metric = 'pending_end' then 1 else 0 end as opens,
        cells.court,
        cells.family,
        sum(case when cells.metric = 'pending_start' then cells.numerator else 0 end) as opening,
        sum(case when cells.metric = 'pending_end' then cells.numerator else 0 end) as closing
    from metrics.new_cells as cells
    inner join model.periods as periods
        on cells.calendar_id = periods.calendar_id
        and cells.period_id = periods.period_id
    where cells.metric in ('pending_start', 'pending_end')
    group by
        cells.calendar_id,
        periods.ordinal + case when cells.metric = 'pending_end' then 1 else 0 end,
        cells.court,
        cells.family
)

select
    concat(stocks.calendar_id, ' ', periods.period_id, ' ', stocks.court, ' ', stocks.family) as item,
    stocks.court as court_code,
    periods.start_on as first_day,
    periods.end_on as last_day,
    cast(null as varchar) as metric,
    cast(null as double) as share,
    stocks.family
from stocks
inner join model.periods as periods
    on stocks.calendar_id = periods.calendar_id
    and stocks.opens = periods.ordinal
where stocks.opens > 1
    and stocks.opening <> stocks.closing
