-- grain: one member a closing with a known limit, on the day of closing
-- Within the lawful limit, or where $is_lawful is false within the base limit.
with judged as (
    select
        clocks.spell_no,
        ended.closed_on,
        ended.closed_on <= case when cast($is_lawful as boolean) then clocks.lawful_due_on else clocks.base_due_on end as is_within
    from model.spell_clocks as clocks
    inner join model.case_spells as ended on clocks.spell_no = ended.spell_no
    where clocks.is_last
        and ended.closed_on between $data_from and $counting_day
)

select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    spells.case_key,
    judged.closed_on as counted_on,
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
    case when judged.is_within then 1 else 0 end as numerator,
    1 as denominator
from judged
inner join model.case_spells as spells on judged.spell_no = spells.spell_no
where judged.is_within is not null
