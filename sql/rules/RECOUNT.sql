-- grain: one reading of a metric in one period, court and family of cases in which the rule is broken
select
    concat(
        found.metric, coalesce('.' || found.variant, ''), ' ', found.calendar_id, ' ', found.period_id, ' ', found.court, coalesce(' ' || found.family, ''),
        ', ', cast(found.cells as varchar), ' cells, ',
        cast(coalesce(found.counted_numerator, 0) as varchar), coalesce('/' || cast(found.counted_denominator as varchar), ''),
        ' by SQL, ',
        cast(coalesce(found.recounted_numerator, 0) as varchar), coalesce('/' || cast(found.recounted_denominator as varchar), ''),
        ' counted again'
    ) as item,
    found.court as court_code,
    periods.start_on as first_day,
    periods.end_on as last_day,
    found.metric,
    cast(null as double) as share,
    found.family
from quality.recount_differences as found
inner join model.periods as periods
    on found.calendar_id = periods.calendar_id
    and found.period_id = periods.period_id
where found.refresh_no = $refresh_no
