-- grain: one metric, court and closed year whose figure this refresh changed
-- Closed: the last publication had counted to its end. A stock is that at the end of December, all else the sum of the months.
with years as (
    select
        substr(periods.period_id, 1, 4) as year_id,
        min(periods.start_on) as first_day,
        max(periods.end_on) as last_day
    from model.periods as periods
    where periods.calendar_id = 'cal_month'
        and not cast($may_move as boolean)
    group by substr(periods.period_id, 1, 4)
    having max(periods.end_on) <= cast($counted_before as date)
        and substr(max(periods.period_id), 6, 2) = '12'
),

before as (
    select
        deliveries.source,
        max(deliveries.world_rank) as world_rank
    from model.deliveries as deliveries
    where deliveries.taken_in < $refresh_no
    group by deliveries.source
),

fills as (
    -- what came out of its turn fills the time since the extract before it; of a source that is new, all of it
    select
        deliveries.delivery_no,
        coalesce(max(earlier.extract_on), date '0001-01-01') as since
    from model.deliveries as deliveries
    left join before on deliveries.source = before.source
    left join model.deliveries as earlier
        on deliveries.source = earlier.source
        and earlier.world_rank < deliveries.world_rank
    left join model.deliveries as twins
        on deliveries.source = twins.source
        and deliveries.extract_on = twins.extract_on
        and twins.taken_in < $refresh_no
    where deliveries.taken_in = $refresh_no
        -- a correction by hand fills nothing either
        and deliveries.feeds <> 'corrections'
        and (before.world_rank is null or deliveries.world_rank < before.world_rank)
        -- a file of the same day again fills nothing: it says something else
        and twins.delivery_no is null
    group by deliveries.delivery_no
),

counted as (
    select
        cells.metric,
        cells.court,
        years.year_id,
        years.first_day,
        years.last_day,
        coalesce(sum(case
            when cells.from_refresh <= $refresh_before and (cells.to_refresh is null or cells.to_refresh >= $refresh_before)
                then cells.numerator
        end), 0) as numerator_before,
        coalesce(sum(case when cells.to_refresh is null then cells.numerator end), 0) as numerator_now,
        coalesce(sum(case
            when cells.from_refresh <= $refresh_before and (cells.to_refresh is null or cells.to_refresh >= $refresh_before)
                then cells.denominator
        end), 0) as denominator_before,
        coalesce(sum(case when cells.to_refresh is null then cells.denominator end), 0) as denominator_now
    from metrics.cells as cells
    inner join years on substr(cells.period_id, 1, 4) = years.year_id
    left join (select min(fills.since) as since from fills) as filled on true
    where cells.calendar_id = 'cal_month'
        and cells.variant is null
        and (not array_contains($stocks, cells.metric) or substr(cells.period_id, 6, 2) = '12')
        and (filled.since is null or years.last_day <= filled.since)
    group by
        cells.metric,
        cells.court,
        years.year_id,
        years.first_day,
        years.last_day
),

known as (
    select distinct
        cells.metric,
        cells.court
    from metrics.cells as cells
    where cells.from_refresh <= $refresh_before
        and (cells.to_refresh is null or cells.to_refresh >= $refresh_before)
)

select
    concat(counted.metric, ' ', counted.year_id, ' ', counted.court) as item,
    counted.court as court_code,
    counted.first_day,
    counted.last_day,
    counted.metric,
    -- a change of five or fewer is within the tolerance, whatever share of a small figure it is
    greatest(
        case
            when abs(counted.numerator_now - counted.numerator_before) <= 5 then 0
            when counted.numerator_before = 0 then 1
            else abs(counted.numerator_now - counted.numerator_before) / cast(abs(counted.numerator_before) as double)
        end,
        case
            when abs(counted.denominator_now - counted.denominator_before) <= 5 then 0
            when counted.denominator_before = 0 then 1
            else abs(counted.denominator_now - counted.denominator_before) / cast(abs(counted.denominator_before) as double)
        end
    ) as share
from counted
inner join known
    on counted.metric = known.metric
    and counted.court = known.court
where counted.numerator_before <> counted.numerator_now
    or counted.denominator_before <> counted.denominator_now
