-- grain: one member a pending case whose lawful limit ends within so many days, as an interval
with ending as (
    select
        clocks.spell_no,
        greatest(clocks.lawful_due_on - cast($days as integer), clocks.governs_from) as in_from,
        least(clocks.lawful_due_on + 1, coalesce(clocks.governs_until, clocks.lawful_due_on + 1)) as in_until
    from model.spell_clocks as clocks
    where clocks.lawful_due_on is not null
)

select
    'due_soon' as metric,
    cast($variant as varchar) as variant,
    spells.case_key,
    ending.in_from,
    least(ending.in_until, coalesce(spells.closed_on, ending.in_until)) as in_until,
    coalesce(spells.court_code, 'none') as court,
    spells.family,
    spells.counts_as,
    coalesce(spells.type_code, 'none') as case_type,
    coalesce(spells.procedure, 'none') as procedure,
    coalesce(spells.bench_code, 'none') as bench,
    coalesce(spells.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as part,
    1 as numerator,
    cast(null as bigint) as denominator
from ending
inner join model.case_spells as spells on ending.spell_no = spells.spell_no
where ending.in_from < least(ending.in_until, coalesce(spells.closed_on, ending.in_until))
