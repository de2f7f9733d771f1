-- grain: one cell as it stands at $refresh_no, of the metrics and periods that are compared
-- $pairs holds calendar and period as one text, `cal_month 2016-03`; with $is_full all of them are given.
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
    cells.judge,
    cells.population,
    cells.channel,
    cells.closing_manner,
    cells.part,
    cells.numerator,
    cells.denominator
from metrics.cells as cells
where cells.from_refresh <= $refresh_no
    and (cells.to_refresh is null or cells.to_refresh >= $refresh_no)
    and cells.metric in (select unnest(cast($metrics as varchar[])))
    and (
        $is_full
        or concat(cells.calendar_id, ' ', cells.period_id) in (select unnest(cast($pairs as varchar[])))
    )
