-- grain: one member a closing for which no limit is known, on the day of closing
select
    'closed_without_limit' as metric,
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
    1 as numerator,
    cast(null as bigint) as denominator
from model.case_spells as spells
left join model.spell_clocks as clocks
    on spells.spell_no = clocks.spell_no
    and clocks.is_last
    and clocks.lawful_due_on is not null
where spells.closed_on between $data_from and $counting_day
    and clocks.spell_no is null
