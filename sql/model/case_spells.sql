-- grain: one counted case and one spell in which it was open
-- A case that was opened again has two spells; the first one ended as its latest version before the reopening says (on
-- the day of the reopening itself where no earlier closing was ever delivered). A closing day before the reopening is
-- the first one's, also where the source leaves it in place. The number is a shorter key than a case and a day.
with before as (
    select
        cases.case_key,
        max(deliveries.world_rank) as world_rank
    from model.cases as cases
    inner join model.case_versions as history on cases.case_key = history.case_key
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
        and (
            history.closed_on < cases.reopened_on
            or (history.closed_on = cases.reopened_on and history.reopened_on is null)
        )
    group by cases.case_key
),

first_closings as (
    select
        history.case_key,
        history.closed_on,
        history.closing_manner,
        manners.effect as closing_effect
    from before
    inner join model.deliveries as deliveries
        on before.world_rank = deliveries.world_rank
        and deliveries.feeds = 'cases'
    inner join model.case_versions as history
        on before.case_key = history.case_key
        and deliveries.delivery_no = history.delivery_no
    inner join model.cases as cases on before.case_key = cases.case_key
    left join model.closing_manners as manners
        on history.closing_manner = manners.closing_manner
        and cases.counts_as = manners.counts_as
),

spells as (
    select
        cases.case_key,
        'filed' as opened_as,
        cases.registered_on as opened_on,
        case
            when cases.reopened_on is null then cases.closed_on
            else coalesce(first_closings.closed_on, cases.reopened_on)
        end as closed_on,
        case when cases.reopened_on is null then cases.closing_manner else first_closings.closing_manner end as closing_manner,
        case when cases.reopened_on is null then cases.closing_effect else first_closings.closing_effect end as closing_effect,
        cases.court_code,
        cases.family,
        cases.counts_as,
        cases.type_code,
        cases.procedure,
        cases.bench_code,
        cases.judge_code,
        cases.is_private_prosecution
    from model.cases as cases
    left join first_closings on cases.case_key = first_closings.case_key
    where cases.is_counted
    union all
    select
        cases.case_key,
        'reopened' as opened_as,
        cases.reopened_on as opened_on,
        case when cases.closed_on >= cases.reopened_on then cases.closed_on end as closed_on,
        case when cases.closed_on >= cases.reopened_on then cases.closing_manner end as closing_manner,
        case when cases.closed_on >= cases.reopened_on then cases.closing_effect end as closing_effect,
        cases.court_code,
        cases.family,
        cases.counts_as,
        cases.type_code,
        cases.procedure,
        cases.bench_code,
        cases.judge_code,
        cases.is_private_prosecution
    from model.cases as cases
    where cases.is_counted
        and cases.reopened_on is not null
)

select
    row_number() over () as spell_no,
    spells.case_key,
    spells.opened_as,
    spells.opened_on,
    spells.closed_on,
    spells.closing_manner,
    spells.closing_effect,
    spells.court_code,
    spells.family,
    spells.counts_as,
    spells.type_code,
    spells.procedure,
    spells.bench_code,
    spells.judge_code,
    spells.is_private_prosecution
from spells
