-- grain: one change of procedure within the last days of the limit of the procedure before it
with changes as (
    select distinct
        spells.case_key,
        spells.court_code,
        spans.next_change_on as changed_on,
        clocks.lawful_due_on
    from model.clock_spans as spans
    inner join model.case_spells as spells on spans.spell_no = spells.spell_no
    inner join model.case_clocks as clocks
        on spells.case_key = clocks.case_key
        and spells.opened_on = clocks.opened_on
        and spans.governs_from = clocks.governs_from
    where spans.next_change_on >= clocks.governs_from
        and (clocks.governs_until is null or spans.next_change_on <= clocks.governs_until)
        and spans.next_change_on between cast($data_from as date) and cast($counting_day as date)
),

months as (
    select
        changes.court_code,
        substr(cast(changes.changed_on as varchar), 1, 7) as month,
        count(*) as among
    from changes
    group by
        changes.court_code,
        substr(cast(changes.changed_on as varchar), 1, 7)
)

select
    changes.court_code,
    months.month,
    cases.case_number,
    changes.changed_on as happened_on,
    date_diff('day', changes.changed_on, changes.lawful_due_on) as measure,
    months.among
from changes
inner join months
    on changes.court_code = months.court_code
    and substr(cast(changes.changed_on as varchar), 1, 7) = months.month
inner join model.cases as cases on changes.case_key = cases.case_key
where changes.changed_on <= changes.lawful_due_on
    and changes.changed_on > changes.lawful_due_on - cast($days as integer)
order by
    changes.court_code,
    changes.changed_on,
    cases.case_number
