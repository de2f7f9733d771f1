-- grain: one counted case and one spell in which it was open
-- A case that was opened again has two spells; the first one ended on the latest closing day that was known before the
-- reopening (on the day of the reopening itself where no earlier closing was ever delivered).
with reopened as (
    select
        cases.case_key,
        cases.reopened_on,
        max(history.closed_on) as closed_before
    from model.cases as cases
    left join model.case_history as history
        on cases.case_key = history.case_key
        and history.closed_on <= cases.reopened_on
        and history.known_from <= $refresh_no
    where cases.reopened_on is not null
    group by
        cases.case_key,
        cases.reopened_on
)

select
    cases.case_key,
    'filed' as opened_as,
    cases.registered_on as opened_on,
    case
        when reopened.case_key is null then cases.closed_on
        else coalesce(reopened.closed_before, reopened.reopened_on)
    end as closed_on,
    cases.closing_manner,
    cases.closing_effect
from model.cases as cases
left join reopened on cases.case_key = reopened.case_key
where cases.is_counted
union all
select
    cases.case_key,
    'reopened' as opened_as,
    cases.reopened_on as opened_on,
    cases.closed_on,
    cases.closing_manner,
    cases.closing_effect
from model.cases as cases
where cases.is_counted
    and cases.reopened_on is not null
    and (cases.closed_on is null or cases.closed_on >= cases.reopened_on)
