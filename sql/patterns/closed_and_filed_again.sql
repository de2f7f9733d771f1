-- grain: one counted case that was registered soon after another of its court, type and amount was closed
with amounts as (
    select
        cases.case_key,
        cases.case_number,
        cases.court_code,
        cases.type_code,
        cases.amount_applied,
        cases.registered_on,
        cases.closed_on,
        cases.closing_effect
    from model.cases as cases
    where cases.is_counted
        and cases.amount_applied > 0
),

months as (
    select
        amounts.court_code,
        substr(cast(amounts.registered_on as varchar), 1, 7) as month,
        count(*) as among
    from amounts
    group by
        amounts.court_code,
        substr(cast(amounts.registered_on as varchar), 1, 7)
),

again as (
    select
        later.case_number,
        later.court_code,
        later.registered_on,
        min(date_diff('day', earlier.closed_on, later.registered_on)) as measure
    from amounts as later
    inner join amounts as earlier
        on later.court_code = earlier.court_code
        and later.type_code = earlier.type_code
        and later.amount_applied = earlier.amount_applied
        and later.case_key <> earlier.case_key
    where earlier.closing_effect in ('withdrawal', 'dismissal', 'termination')
        and earlier.closed_on <= later.registered_on
        and earlier.closed_on > later.registered_on - cast($days as integer)
        and earlier.registered_on < later.registered_on
        and later.registered_on between cast($data_from as date) and cast($counting_day as date)
    group by
        later.case_number,
        later.court_code,
        later.registered_on
)

select
    again.court_code,
    months.month,
    again.case_number,
    again.registered_on as happened_on,
    again.measure,
    months.among
from again
inner join months
    on again.court_code = months.court_code
    and substr(cast(again.registered_on as varchar), 1, 7) = months.month
order by
    again.court_code,
    again.registered_on,
    again.case_number
