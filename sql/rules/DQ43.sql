-- grain: one court and period in which the rule is broken
with closings as (
    select
        spells.court_code,
        spells.closed_on,
        count(*) as closed
    from model.case_spells as spells
    where spells.closed_on between $data_from and $counting_day
    group by
        spells.court_code,
        spells.closed_on
),

working as (
    select
        periods.calendar_id,
        periods.period_id,
        days.day,
        row_number() over (partition by periods.calendar_id, periods.period_id order by days.day desc) as place,
        count(*) over (partition by periods.calendar_id, periods.period_id) as days_worked
    from model.periods as periods
    inner join model.working_days as days on days.day between periods.start_on and periods.end_on
    where days.is_working
        and not periods.is_partial
),

busy as (
    -- where nothing was closed on more than half of the days the median is below one
    select
        closings.court_code,
        working.calendar_id,
        working.period_id
    from closings
    inner join working on closings.closed_on = working.day
    group by
        closings.court_code,
        working.calendar_id,
        working.period_id
    having 2 * count(*) >= max(working.days_worked)
),

daily as (
    select
        busy.court_code,
        busy.calendar_id,
        busy.period_id,
        working.place,
        coalesce(closings.closed, 0) as closed
    from busy
    inner join working
        on busy.calendar_id = working.calendar_id
        and busy.period_id = working.period_id
    left join closings
        on busy.court_code = closings.court_code
        and working.day = closings.closed_on
),

compared as (
    select
        daily.court_code,
        daily.calendar_id,
        daily.period_id,
        median(daily.closed) as usual,
        avg(case when daily.place <= 5 then daily.closed end) as at_the_end
    from daily
    group by
        daily.court_code,
        daily.calendar_id,
        daily.period_id
)

select
    concat(compared.calendar_id, ' ', compared.period_id, ' ', compared.court_code) as item,
    compared.court_code,
    periods.start_on as first_day,
    periods.end_on as last_day
from compared
inner join model.periods as periods
    on compared.calendar_id = periods.calendar_id
    and compared.period_id = periods.period_id
where compared.usual >= 1
    and compared.at_the_end > 3 * compared.usual
