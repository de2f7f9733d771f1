-- grain: one member a closing of a first or resumed enforcement, on its day
-- $only names one of the two kinds, null both. $effect null counts closings; else it is the share of those with that effect,
-- or with $complement of those with any other.
select
    cast($metric as varchar) as metric,
    cast($variant as varchar) as variant,
    spells.case_key,
    spells.closed_on as counted_on,
    coalesce(spells.court_code, 'none') as court,
    spells.family,
    spells.counts_as,
    coalesce(spells.type_code, 'none') as case_type,
    coalesce(spells.procedure, 'none') as procedure,
    coalesce(spells.bench_code, 'none') as bench,
    coalesce(spells.judge_code, 'none') as judge,
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
where spells.counts_as in ('enforcement_first', 'enforcement_resumed')
    and (cast($only as varchar) is null or spells.counts_as = cast($only as varchar))
    and spells.closed_on between $data_from and $counting_day
