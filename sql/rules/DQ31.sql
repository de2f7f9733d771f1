-- grain: one run of missing serials in one series
with held as (
    select
        cases.court_code,
        cases.number_year,
        concat(coalesce(cases.special_code, ''), cases.type_characters) as characters,
        cases.serial,
        cases.registered_on
    from model.cases as cases
    where cases.number_form is not null
        and array_contains($courts, cases.court_code)
        and make_date(cases.number_year, 1, 1) >= $data_from
        -- criminal review cases (刑核) carry random serials of eight digits
        and cases.serial < 10000000
),

aside as (
    -- a row set aside tells its number all the same: it is on the worklist already
    select distinct set_aside.case_key
    from quality.set_aside as set_aside
    where set_aside.case_key is not null
),

series as (
    select distinct
        held.court_code,
        held.number_year,
        held.characters
    from held
),

numbers as (
    select
        held.court_code,
        held.number_year,
        held.characters,
        held.serial,
        held.registered_on
    from held
    union all
    select
        series.court_code,
        series.number_year,
        series.characters,
        try_cast(split_part(aside.case_key, '-', 4) as bigint) as serial,
        cast(null as date) as registered_on
    from aside
    inner join series
        on split_part(aside.case_key, '-', 1) = series.court_code
        and split_part(aside.case_key, '-', 2) = cast(series.number_year as varchar)
        and split_part(aside.case_key, '-', 3) = series.characters
),

followed as (
    select
        numbers.court_code,
        numbers.number_year,
        numbers.characters,
        numbers.serial,
        numbers.registered_on,
        coalesce(lag(numbers.serial) over (
            partition by numbers.court_code, numbers.number_year, numbers.characters
            order by numbers.serial
        ), 0) as serial_before,
        lag(numbers.registered_on) over (
            partition by numbers.court_code, numbers.number_year, numbers.characters
            order by numbers.serial
        ) as registered_before
    from numbers
    where numbers.serial < 10000000
)

select
    concat(
        followed.court_code, '-', cast(followed.number_year as varchar), '-', followed.characters, '-',
        cast(followed.serial_before + 1 as varchar),
        case when followed.serial - followed.serial_before > 2 then concat('–', cast(followed.serial - 1 as varchar)) else '' end
    ) as item,
    followed.court_code,
    coalesce(followed.registered_before, followed.registered_on) as first_day,
    followed.registered_on as last_day
from followed
where followed.serial - followed.serial_before > 1
