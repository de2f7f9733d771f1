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
        totals.family,
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
        totals.published,
        totals.family
)

select
    concat(reached.control_total_id, ' ', reached.metric) as item,
    cast(null as varchar) as court_code,
    reached.first_day,
    reached.last_day,
    reached.metric,
    cast(null as double) as share,
    reached.family
from reached
where reached.comparison = 'exact'
    and reached.reading <> 'unknown'
    and reached.numerator <> reached.published
