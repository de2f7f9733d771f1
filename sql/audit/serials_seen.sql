-- grain: one series of serial numbers: court, year, type characters as written
select
    cases.court_code,
    cases.number_year,
    concat(coalesce(cases.special_code, ''), cases.type_characters) as characters,
    count(distinct cases.serial) as seen,
    max(cases.serial) as greatest
from model.cases as cases
where cases.number_form is not null
    and array_contains($courts, cases.court_code)
    and make_date(cases.number_year, 1, 1) >= $data_from
    -- criminal review cases (刑核) carry random serials of eight digits
    and cases.serial between 1 and 9999999
group by
    cases.court_code,
    cases.number_year,
    concat(coalesce(cases.special_code, ''), cases.type_characters)
order by
    cases.court_code,
    cases.number_year,
    concat(coalesce(cases.special_code, ''), cases.type_characters)
