-- grain: one case that breaks the rule
select
    cases.case_number as item,
    cases.court_code,
    min(versions.closed_on) as first_day,
    -- it is pending from there on
    cast(null as date) as last_day,
    cast(null as varchar) as metric,
    cast(null as double) as share,
    cases.family,
    -- an enforcement case moves the figures of the chain that it is of, whatever the types of the others
    case when cases.counts_as not in ('enforcement_first', 'enforcement_resumed') then coalesce(cases.type_code, 'none') end as case_type
from model.cases as cases
inner join model.case_versions as versions
    on cases.case_key = versions.case_key
    and cases.delivery_no <> versions.delivery_no
where cases.closed_on is null
    and versions.closed_on is not null
    and not coalesce(cases.is_void, false)
    and (cases.reopened_on is null or cases.reopened_on < versions.closed_on)
group by
    cases.case_key,
    cases.case_number,
    cases.court_code,
    cases.family,
    cases.counts_as,
    cases.type_code
