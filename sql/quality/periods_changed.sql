-- grain: one period of one calendar in which a cell changed with this refresh, or in which the engines differed before
select
    changed.calendar_id,
    changed.period_id
from metrics.cells as changed
where changed.from_refresh = $refresh_no
    or changed.to_refresh = $refresh_before
union
select
    differed.calendar_id,
    differed.period_id
from quality.recount_differences as differed
where differed.refresh_no = $refresh_before
