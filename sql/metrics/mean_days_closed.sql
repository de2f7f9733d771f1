-- grain: one member a closing, with its days from registration, on the day of closing
select
    'mean_days_closed' as metric,
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
    date_diff('day', spells.opened_on, spells.closed_on)
        - case when cast($is_net as boolean) then coalesce(stopped.days, 0) else 0 end as numerator,
    1 as denominator
from model.case_spells as spells
left join (
    select
        stops.spell_no,
        cast(sum(date_diff('day', greatest(stops.first_on, begun.opened_on + 1), stops.last_on) + 1) as bigint) as days
    from model.clock_stops as stops
    inner join model.case_spells as begun on stops.spell_no = begun.spell_no
    group by stops.spell_no
) as stopped on spells.spell_no = stopped.spell_no
where spells.closed_on between $data_from and $counting_day
