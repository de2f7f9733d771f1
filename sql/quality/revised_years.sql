-- grain: one metric, court and closed year that this refresh moves by more than the profile allows
-- Closed: the last publication had already counted to its end. $metrics are flows and shares; both numbers count.
with years as (
    select
        substr(periods.period_id, 1, 4) as year_id
    from model.periods as periods
    where periods.calendar_id = $calendar
    group by substr(periods.period_id, 1, 4)
    having max(periods.end_on) <= $counted_before
        and substr(max(periods.period_id), 6, 2) = '12'
),

counted as (
    select
        cells.metric,
        cells.court,
        years.year_id,
        sum(case
            when cells.from_refresh <= $refresh_before and (cells.to_refresh is null or cells.to_refresh >= $refresh_before)
                then coalesce(cells.denominator, cells.numerator)
            else 0
        end) as count_before,
        sum(case when cells.to_refresh is null then coalesce(cells.denominator, cells.numerator) else 0 end) as count_now
    from metrics.cells as cells
    inner join years on substr(cells.period_id, 1, 4) = years.year_id
    where cells.calendar_id = $calendar
        and cells.variant is null
        and list_contains(cast($metrics as varchar[]), cells.metric)
    group by
        cells.metric,
        cells.court,
        years.year_id
)

select
    counted.metric,
    counted.court,
    counted.year_id,
    cast(counted.count_before as bigint) as count_before,
    cast(counted.count_now as bigint) as count_now
from counted
where abs(counted.count_now - counted.count_before) > $rows
    and abs(counted.count_now - counted.count_before) > $share * counted.count_before
order by
    counted.metric,
    counted.court,
    counted.year_id
