-- grain: one series of serial numbers in which the rule is broken
with followed as (
    select
        cases.court_code,
        cases.number_year,
        concat(coalesce(cases.special_code, ''), cases.type_characters) as characters,
        cases.registered_on,
        lag(cases.registered_on) over (
            partition by cases.court_code, cases.number_year, cases.special_code, cases.type_characters
            order by cases.serial
        ) as registered_before
    from model.cases as cases
    where cases.number_form is not null
        and array_contains($courts, cases.court_code)
        -- criminal review cases (刑核) carry random serials of eight digits
        and cases.serial < 10000000
)

select
    concat(followed.court_code, '-', cast(followed.number_year as varchar), '-', followed.characters) as item,
    followed.court_code,
    min(followed.registered_on) as first_day,
    max(followed.registered_on) as last_day
from followed
group by
    followed.court_code,
    followed.number_year,
    followed.characters
having sum(case when followed.registered_on < followed.registered_before then 1 else 0 end)
    > 0.01 * count(followed.registered_before)
