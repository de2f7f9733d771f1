-- grain: one application registered on the day of receipt whose case has a number that was given later
with numbered as (
    select
        cases.case_key,
        cases.case_number,
        cases.court_code,
        cases.registered_on,
        max(cases.registered_on) over (
            partition by
                cases.court_code, cases.number_year, coalesce(cases.special_code, ''), cases.type_characters
            order by cases.serial
            rows between unbounded preceding and 1 preceding
        ) as given_on
    from model.cases as cases
    where cases.number_form is not null
),

at_once as (
    select
        decisions.case_key,
        decisions.court_code,
        decisions.registered_on,
        substr(cast(decisions.registered_on as varchar), 1, 7) as month
    from model.registration_decisions as decisions
    where decisions.received_on = decisions.registered_on
        and decisions.registered_on between cast($data_from as date) and cast($counting_day as date)
),

months as (
    select
        at_once.court_code,
        at_once.month,
        count(*) as among
    from at_once
    group by
        at_once.court_code,
        at_once.month
)

select
    at_once.court_code,
    at_once.month,
    numbered.case_number,
    at_once.registered_on as happened_on,
    date_diff('day', at_once.registered_on, numbered.given_on) as measure,
    months.among
from at_once
inner join months
    on at_once.court_code = months.court_code
    and at_once.month = months.month
inner join numbered on at_once.case_key = numbered.case_key
where numbered.given_on > at_once.registered_on
order by
    at_once.court_code,
    at_once.registered_on,
    numbered.case_number
