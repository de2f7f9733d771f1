-- grain: one family, one month in which spells were opened, one in which they were closed (null = not by $counting_day)
-- Months are numbered as warehouse.catalogue.calendars does, year × 12 + month − 1: a day after the one on which months
-- close is of the next month. model.days knows no day before the data begin, on which much of the stock was opened.
select
    spells.family,
    spells.opened_as,
    year(spells.opened_on) * 12 + month(spells.opened_on) - 1
        + case when day(spells.opened_on) > $month_closes_on then 1 else 0 end as opened_in,
    case
        when spells.closed_on <= $counting_day
            then year(spells.closed_on) * 12 + month(spells.closed_on) - 1
                + case when day(spells.closed_on) > $month_closes_on then 1 else 0 end
    end as closed_in,
    count(*) as cases
from model.case_spells as spells
where spells.opened_on <= $counting_day
    and ($is_court is null or coalesce(spells.court_code, 'none') = $is_court)
    and ($is_family is null or spells.family = $is_family)
    and ($is_counts_as is null or spells.counts_as = $is_counts_as)
    and ($is_case_type is null or coalesce(spells.type_code, 'none') = $is_case_type)
    and ($is_procedure is null or coalesce(spells.procedure, 'none') = $is_procedure)
group by all
