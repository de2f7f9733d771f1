-- grain: one spell of a counted case under one limit, over the days on which that limit governs it
select
    clocks.case_key,
    clocks.opened_on,
    clocks.closed_on,
    clocks.governs_from,
    clocks.governs_until,
    clocks.is_last,
    clocks.limit_id,
    clocks.proceeding,
    clocks.effective_from,
    clocks.day_zero,
    clocks.base_due_on,
    clocks.lawful_due_on,
    clocks.base_deducted_days,
    clocks.deducted_days,
    clocks.extended_months,
    clocks.extended_days,
    clocks.late_extensions,
    clocks.is_within_base,
    clocks.is_within_lawful
from model.case_clocks as clocks
