-- grain: one run of missing serials in one series
with series as (
    -- only where the greatest serial is more than there are cases can one be missing; most series end here
    select
        cases.court_code,
        cases.number_year,
        concat(coalesce(cases.special_code, ''), cases.type_characters) as characters,
        row_number() over (
            order by
                cases.court_code, cases.number_year, concat(coalesce(cases.special_code, ''), cases.type_characters)
        ) as series_no
    from model.cases as cases
    where cases.number_form is not null
        and array_contains($courts, cases.court_code)
        and make_date(cases.number_year, 1, 1) >= $data_from
        -- criminal review cases (刑核) carry random serials of eight digits
        and cases.serial < 10000000
    group by
        cases.court_code,
        cases.number_year,
        concat(coalesce(cases.special_code, ''), cases.type_characters)
    having max(cases.serial) > count(*)
),

aside as (
    -- a row set aside tells its number all the same: it is on the worklist already
    select distinct set_aside.case_key
    from quality.set_aside as set_aside
    where set_aside.case_key is not null
),

numbers as (
    select
        series.series_no,
        cases.serial,
        cases.registered_on
    from model.cases as cases
    inner join series
        on cases.court_code = series.court_code
        and cases.number_year = series.number_year
        and concat(coalesce(cases.special_code, ''), cases.type_characters) = series.characters
    where cases.number_form is not null
    union all
    select
        series.series_no,
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
        numbers.series_no,
        numbers.serial,
        numbers.registered_on,
        coalesce(lag(numbers.serial) over (partition by numbers.series_no order by numbers.serial), 0) as serial_before,
        lag(numbers.registered_on) over (partition by numbers.series_no order by numbers.serial) as registered_before
    from numbers
    where numbers.serial < 10000000
)

select
    concat(
        series.court_code, '-', cast(series.number_year as varchar), '-', series.characters, '-',
        cast(followed.serial_before + 1 as varchar),
        case when followed.serial - followed.serial_before > 2 then concat('–', cast(followed.serial - 1 as varchar)) else '' end
    ) as item,
    series.court_code,
    coalesce(followed.registered_before, followed.registered_on) as first_day,
    followed.registered_on as last_day
from followed
inner join series on followed.series_no = series.series_no
where followed.serial - followed.serial_before > 1
