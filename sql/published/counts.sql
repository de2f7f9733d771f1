-- grain: one metric or variant, base period and value of each dimension, as last published; judges summed
-- Counts, not rates: a rate is its numerator by its denominator, summed first. `is_withheld` where a broken rule withholds the
-- figure in a court, of a kind of cases, and on a day of the period: it is then no figure of ours.
with standing as (
    select
        cells.metric,
        cells.variant,
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        cells.counts_as,
        cells.case_type,
        cells.procedure,
        cells.bench,
        cells.population,
        cells.channel,
        cells.closing_manner,
        cells.part,
        cast(sum(cells.numerator) as bigint) as numerator,
        cast(sum(cells.denominator) as bigint) as denominator
    from metrics.cells as cells
    where cells.to_refresh is null
    group by all
),

last_gates as (
    select
        gates.metric,
        gates.court_code,
        gates.first_day,
        gates.last_day,
        gates.family,
        gates.case_type
    from quality.gates as gates
    inner join (select max(verdicts.refresh_no) as refresh_no from quality.verdicts as verdicts) as latest
        on gates.refresh_no = latest.refresh_no
)

select
    standing.metric,
    standing.variant,
    standing.calendar_id,
    standing.period_id,
    periods.start_on as first_day,
    periods.end_on as last_day,
    standing.court,
    standing.family,
    standing.counts_as,
    standing.case_type,
    standing.procedure,
    standing.bench,
    standing.population,
    standing.channel,
    standing.closing_manner,
    standing.part,
    standing.numerator,
    standing.denominator,
    exists (
        select 1
        from last_gates
        where last_gates.metric = standing.metric
            and (last_gates.court_code is null or last_gates.court_code = standing.court)
            and (last_gates.family is null or standing.family is null or last_gates.family = standing.family)
            and (last_gates.case_type is null or standing.case_type is null or last_gates.case_type = standing.case_type)
            and (last_gates.first_day is null or last_gates.first_day <= periods.end_on)
            and (last_gates.last_day is null or last_gates.last_day >= periods.start_on)
    ) as is_withheld
from standing
left join model.periods as periods
    on standing.calendar_id = periods.calendar_id
    and standing.period_id = periods.period_id
