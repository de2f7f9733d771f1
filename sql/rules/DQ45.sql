-- grain: one court and month or year in which the rule is broken, by the rate or by the days
with rated as (
    select
        cells.court,
        cells.period_id,
        sum(cells.numerator) as same_day,
        sum(cells.denominator) as registered
    from metrics.new_cells as cells
    where cells.metric = 'same_day_registration_rate'
        and cells.variant is null
        and cells.calendar_id = 'cal_month'
    group by
        cells.court,
        cells.period_id
),

decided as (
    select
        coalesce(applications.court_code, 'none') as court,
        substr(cast(applications.received_on as varchar), 1, 7) as period_id,
        sum(case when applications.decided_on = applications.received_on then 1 else 0 end) as same_day,
        count(*) as decided
    from model.registration_decisions as applications
    where applications.decided_on is not null
        and applications.received_on between $data_from and $counting_day
    group by
        coalesce(applications.court_code, 'none'),
        substr(cast(applications.received_on as varchar), 1, 7)
),

spans as (
    select 'same_day_registration_rate' as what, rated.court, rated.period_id, rated.same_day, rated.registered as looked_at
    from rated
    union all
    select 'same_day_registration_rate' as what, rated.court, substr(rated.period_id, 1, 4), rated.same_day, rated.registered
    from rated
    union all
    select 'decided_on' as what, decided.court, decided.period_id, decided.same_day, decided.decided
    from decided
    union all
    select 'decided_on' as what, decided.court, substr(decided.period_id, 1, 4), decided.same_day, decided.decided
    from decided
)

select
    concat(spans.what, ' ', spans.period_id, ' ', spans.court) as item,
    spans.court as court_code,
    min(periods.start_on) as first_day,
    max(periods.end_on) as last_day
from (
    select
        spans.what,
        spans.court,
        spans.period_id
    from spans
    group by
        spans.what,
        spans.court,
        spans.period_id
    having sum(spans.looked_at) > 200
        and sum(spans.same_day) = sum(spans.looked_at)
) as spans
inner join model.periods as periods
    on periods.calendar_id = 'cal_month'
    and (periods.period_id = spans.period_id or substr(periods.period_id, 1, 4) = spans.period_id)
group by
    spans.what,
    spans.court,
    spans.period_id
