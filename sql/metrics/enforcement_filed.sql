-- grain: one member a first or resumed enforcement, on the day it was registered
-- $only names one of the two kinds, null both.
select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    spells.case_key,
    spells.opened_on as counted_on,
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
where spells.counts_as in ('enforcement_first', 'enforcement_resumed')
    and (cast($only as varchar) is null or spells.counts_as = cast($only as varchar))
    and spells.opened_as = 'filed'
    and spells.opened_on between $data_from and $counting_day
