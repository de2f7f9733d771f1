-- grain: one spell of a counted case under one limit, over the days on which that limit governs it
-- A view: what is reckoned stands in model.spell_clocks, by numbers.
select
    spells.case_key,
    spells.opened_on,
    spells.closed_on,
    clocks.governs_from,
    clocks.governs_until,
    clocks.is_last,
    law.limit_id,
    law.proceeding,
    case when law.limit_id is not null then law.effective_from end as effective_from,
    clocks.day_zero,
    clocks.base_due_on,
    clocks.lawful_due_on,
    clocks.base_deducted_days,
    clocks.deducted_days,
    clocks.extended_months,
    clocks.extended_days,
    clocks.late_extensions,
    spells.closed_on <= clocks.base_due_on as is_within_base,
    spells.closed_on <= clocks.lawful_due_on as is_within_lawful
from model.spell_clocks as clocks
inner join model.case_spells as spells on clocks.spell_no = spells.spell_no
left join model.law as law on clocks.law_no = law.law_no
