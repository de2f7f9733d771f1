-- grain: one member a closing of a first or resumed enforcement, on its day
-- $only names one of the two kinds, null both. $effect null counts closings; else it is the share of those with that effect,
-- or with $complement of those with any other.
select
    cast($metric as varchar) as metric,
    cast($variant as varchar) as variant,
    spells.case_key,
    spells.closed_on as counted_on,
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
    case
        when cast($effect as varchar) is null then 1
        when coalesce(spells.closing_effect, 'none') = cast($effect as varchar)
            then case when cast($complement as boolean) then 0 else 1 end
        when cast($complement as boolean) then 1
        else 0
    end as numerator,
    case when cast($effect as varchar) is not null then cast(1 as bigint) end as denominator
from model.case_spells as spells
inner join model.cases as cases on spells.case_key = cases.case_key
where cases.is_counted
    and cases.counts_as in ('enforcement_first', 'enforcement_resumed')
    and (cast($only as varchar) is null or cases.counts_as = cast($only as varchar))
    and spells.closed_on between $data_from and $counting_day
