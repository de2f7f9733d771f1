-- grain: one member a closing of civil first instance, on its day
-- In the numerator where it was under the procedure $procedure, or $also, when it closed: what was converted counts there.
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
    case when spells.procedure in (cast($procedure as varchar), cast($also as varchar)) then 1 else 0 end as numerator,
    1 as denominator
from model.case_spells as spells
where spells.counts_as = 'civil_first'
    and spells.closed_on between $data_from and $counting_day
