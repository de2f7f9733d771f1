-- grain: one member a suspension of a pending case, on the day it began, or where $is_return on the day it was over
-- A case closed while suspended comes back on the day of closing.
select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    suspensions.case_key,
    case when cast($is_return as boolean) then suspensions.back_on else suspensions.first_on end as counted_on,
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
from model.suspensions as suspensions
inner join model.case_spells as spells on suspensions.spell_no = spells.spell_no
where (suspensions.back_on is null or suspensions.first_on < suspensions.back_on)
    and case when cast($is_return as boolean) then suspensions.back_on else suspensions.first_on end
        between $data_from and $counting_day
