-- grain: one member a closing of civil first instance, on its day
-- In the numerator where it ended by mediation, withdrawal or what is treated as one, as the parameters say.
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
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as part,
    case
        when spells.closing_effect = 'mediation' and cast($mediation as boolean) then 1
        when spells.closing_manner = 'deemed_withdrawal' then case when cast($deemed as boolean) then 1 else 0 end
        when spells.closing_effect = 'withdrawal' and cast($withdrawal as boolean) then 1
        else 0
    end as numerator,
    1 as denominator
from model.case_spells as spells
where spells.counts_as = 'civil_first'
    and spells.closed_on between $data_from and $counting_day
