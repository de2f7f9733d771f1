-- grain: one series of serial numbers in which the rule is broken
with days as (
    select
        cases.court_code,
        cases.number_year,
        concat(coalesce(cases.special_code, ''), cases.type_characters) as characters,
        cases.registered_on,
        min(cases.serial) as least,
        max(cases.serial) as greatest
    from model.cases as cases
    where cases.number_form is not null
        and array_contains($courts, cases.court_code)
        -- criminal review cases (刑核) carry random serials of eight digits
        and cases.serial < 10000000
    group by
        cases.court_code,
        cases.number_year,
        concat(coalesce(cases.special_code, ''), cases.type_characters),
        cases.registered_on
),

reached as (
    select
        days.court_code,
        days.number_year,
        days.characters,
        days.least,
        max(days.greatest) over (
            partition by days.court_code, days.number_year, days.characters
            order by days.registered_on
            rows between unbounded preceding and 1 preceding
        ) as reached
    from days
),

series as (
    -- where each day begins above all days before it, nothing is out of order; most series end here
    select
        reached.court_code,
        reached.number_year,
        reached.characters,
        row_number() over (order by reached.court_code, reached.number_year, reached.characters) as series_no
    from reached
    where reached.least < reached.reached
    group by
        reached.court_code,
        reached.number_year,
        reached.characters
),

followed as (
    select
        series.series_no,
        cases.registered_on,
        lag(cases.registered_on) over (partition by series.series_no order by cases.serial) as registered_before
    from model.cases as cases
    inner join series
        on cases.court_code = series.court_code
        and cases.number_year = series.number_year
        and concat(coalesce(cases.special_code, ''), cases.type_characters) = series.characters
    where cases.number_form is not null
        and cases.serial < 10000000
),

counted as (
    select
        followed.series_no,
        min(followed.registered_on) as first_day,
        max(followed.registered_on) as last_day
    from followed
    group by followed.series_no
    having sum(case when followed.registered_on < followed.registered_before then 1 else 0 end)
        > 0.01 * count(followed.registered_before)
)

select
    concat(series.court_code, '-', cast(series.number_year as varchar), '-', series.characters) as item,
    series.court_code,
    counted.first_day,
    counted.last_day
from counted
inner join series on counted.series_no = series.series_no
