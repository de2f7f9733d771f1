-- grain: one scope and period in which the rule is broken
with reached as (
    select
        totals.control_total_id,
        totals.metric,
        totals.first_day,
        totals.last_day,
        totals.reading,
        totals.comparison,
        totals.published,
        coalesce(sum(cells.numerator), 0) as numerator,
        coalesce(sum(cells.denominator), 0) as denominator
    from model.control_totals as totals
    left join model.periods as periods
        on periods.calendar_id = 'cal_month'
        and periods.start_on >= totals.first_day
        and periods.end_on <= totals.last_day
    left join metrics.new_cells as cells
        on totals.metric = cells.metric
        and cells.calendar_id = 'cal_month'
        and cells.variant is null
        and cells.period_id = periods.period_id
        and (totals.family is null or cells.family = totals.family)
    where totals.is_applicable
    group by
        totals.control_total_id,
        totals.metric,
        totals.first_day,
        totals.last_day,
        totals.reading,
        totals.comparison,
        totals.published
)

select
    concat(reached.control_total_id, ' ', reached.metric) as item,
    cast(null as varchar) as court_code,
    reached.first_day,
    reached.last_day
from reached
left join (
    select
        periods.start_on,
        sum(cells.numerator) as opening
    from metrics.new_cells as cells
    inner join model.periods as periods
        on cells.calendar_id = periods.calendar_id
        and cells.period_id = periods.period_id
    where cells.calendar_id = 'cal_month'
        and cells.metric = 'pending_start'
    group by periods.start_on
) as stocks
    on reached.first_day = stocks.start_on
where (
        reached.comparison = 'exact'
        and reached.reading = 'unknown'
        and reached.numerator <> reached.published
        and reached.numerator + coalesce(stocks.opening, 0) <> reached.published
    )
    or (reached.comparison = 'floor' and (reached.denominator = 0 or reached.numerator < reached.published * reached.denominator))
