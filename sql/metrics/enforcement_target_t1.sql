-- grain: one member a closing of a first or resumed enforcement of which property was known, on its day
-- Closed by actual enforcement (effect enforced) within the lawful limit that governs on the day of closing.
select
    'enforcement_target_t1' as metric,
    cast(null as varchar) as variant,
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
    case when spells.closing_effect = 'enforced' and spells.closed_on <= clocks.lawful_due_on then 1 else 0 end as numerator,
    1 as denominator
from model.case_spells as spells
inner join (
    select
        results.case_key,
        min(results.result_on) as found_on
    from model.enforcement_results as results
    where results.property_found
    group by results.case_key
) as properties
    on spells.case_key = properties.case_key
    and properties.found_on <= spells.closed_on
left join model.spell_clocks as clocks
    on spells.spell_no = clocks.spell_no
    and clocks.is_last
where spells.counts_as in ('enforcement_first', 'enforcement_resumed')
    and spells.closed_on between $data_from and $counting_day
