-- grain: one spell of a counted case that has begun, with a number and what its clocks need
-- The number is a shorter key than a case and a day: all that is joined after this is joined by it. It holds for one refresh.
select
    row_number() over () as spell_no,
    spells.case_key,
    spells.opened_on,
    spells.opened_as,
    spells.closed_on,
    coalesce(spells.closed_on, $counting_day) as until_on,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as type_code,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.is_private_prosecution, false) as is_private_prosecution,
    receipts.received_on
from model.case_spells as spells
inner join model.cases as cases on spells.case_key = cases.case_key
left join (
    select
        decisions.case_key,
        min(decisions.received_on) as received_on
    from model.registration_decisions as decisions
    where decisions.case_key is not null
    group by decisions.case_key
) as receipts on spells.case_key = receipts.case_key
where spells.opened_on <= $counting_day
