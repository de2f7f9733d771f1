-- grain: one limit that governed a spell of the case $case_key, in order
select
    clocks.opened_on,
    clocks.closed_on,
    clocks.governs_from,
    clocks.governs_until,
    clocks.is_last,
    clocks.limit_id,
    clocks.proceeding,
    limits.name_zh,
    limits.name_en,
    limits.article,
    limits.extension,
    limits.is_verified,
    clocks.day_zero,
    limits.day_zero as runs_from,
    limits.base_months,
    limits.base_days,
    limits.hard_months,
    limits.hard_days,
    limits.hard_when,
    hard.reason is not null as hard_holds,
    limits.longest_months,
    limits.longest_days,
    limits.moves_off_holidays,
    clocks.base_deducted_days,
    clocks.deducted_days,
    clocks.extended_months,
    clocks.extended_days,
    clocks.late_extensions,
    clocks.base_due_on,
    clocks.lawful_due_on,
    clocks.is_within_base,
    clocks.is_within_lawful
from model.case_clocks as clocks
left join model.statutory_limits as limits
    on clocks.limit_id = limits.limit_id
    and clocks.proceeding = limits.proceeding
    and clocks.effective_from = limits.effective_from
left join (
    select distinct events.reason
    from model.clock_events as events
    where events.case_key = $case_key
        and events.kind = 'circumstance'
) as hard
    on limits.hard_when = hard.reason
where clocks.case_key = $case_key
order by
    clocks.opened_on,
    clocks.governs_from
