-- grain: one member a spell in which the case was open, as an interval; counted at the end of the last day of a period
select
    'pending_end' as metric,
    cast(null as varchar) as variant,
    spells.case_key,
    spells.opened_on as in_from,
    spells.closed_on as in_until,
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
from model.case_spells as spells
