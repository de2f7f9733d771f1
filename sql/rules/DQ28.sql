-- grain: one case that breaks the rule
select
    cases.case_number as item,
    cases.court_code,
    min(spans.next_change_on) as first_day,
    min(spans.next_change_on) as last_day
from model.clock_spans as spans
inner join model.case_spells as spells on spans.spell_no = spells.spell_no
inner join model.case_clocks as clocks
    on spells.case_key = clocks.case_key
    and spells.opened_on = clocks.opened_on
    and spans.governs_from = clocks.governs_from
inner join model.cases as cases on spells.case_key = cases.case_key
where spans.next_change_on >= clocks.governs_from
    and (clocks.governs_until is null or spans.next_change_on < clocks.governs_until)
    and spans.next_change_on > clocks.lawful_due_on
group by
    cases.case_number,
    cases.court_code
