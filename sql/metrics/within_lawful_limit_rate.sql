-- grain: one member a closing with a known limit, on the day of closing
select
    'within_lawful_limit_rate' as metric,
    cast(null as varchar) as variant,
    clocks.case_key,
    clocks.closed_on as counted_on,
    coalesce(cases.court_code, 'none') as court,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as case_type,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.bench_code, 'none') as bench,
    coalesce(cases.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    coalesce(spells.closing_manner, 'none') as closing_manner,
    cast(null as varchar) as part,
    case when clocks.is_within_lawful then 1 else 0 end as numerator,
    1 as denominator
from model.case_clocks as clocks
inner join model.case_spells as spells
    on clocks.case_key = spells.case_key
    and clocks.opened_on = spells.opened_on
inner join model.cases as cases on clocks.case_key = cases.case_key
where clocks.is_last
    and clocks.is_within_lawful is not null
    and clocks.closed_on between $data_from and $counting_day
