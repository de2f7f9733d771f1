-- grain: one member a closing with a known limit, on the day of closing
-- Within the lawful limit, or where $is_lawful is false within the base limit.
select
    cast($metric as varchar) as metric,
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
    case when spells.closed_on <= ends.due_on then 1 else 0 end as numerator,
    1 as denominator
from model.case_spells as spells
inner join (
    select
        clocks.spell_no,
        case when cast($is_lawful as boolean) then clocks.lawful_due_on else clocks.base_due_on end as due_on
    from model.spell_clocks as clocks
    where clocks.is_last
) as ends on spells.spell_no = ends.spell_no
where ends.due_on is not null
    and spells.closed_on between $data_from and $counting_day
