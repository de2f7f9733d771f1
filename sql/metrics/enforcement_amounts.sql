-- grain: one member a closing of a first or resumed enforcement, on its day, with its amounts in whole fen
-- $counts rate: closings with an amount applied for; without_amount: those with none, by why. Realised is what the results
-- of the spell say up to its closing, else what the case says.
with realised as (
    select
        spells.spell_no,
        cast(sum(results.amount_realised) as decimal(18, 2)) as amount
    from model.case_spells as spells
    inner join model.enforcement_results as results on spells.case_key = results.case_key
    where results.outcome in ('compulsory', 'voluntary', 'settled')
        and results.amount_realised is not null
        and results.result_on between spells.opened_on and spells.closed_on
    group by spells.spell_no
)

select
    cast($metric as varchar) as metric,
    cast(null as varchar) as variant,
    spells.case_key,
    spells.closed_on as counted_on,
    coalesce(cases.court_code, 'none') as court,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as case_type,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.bench_code, 'none') as bench,
    coalesce(cases.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    coalesce(spells.closing_manner, 'none') as closing_manner,
    case
        when cast($counts as varchar) = 'rate' then null
        when cases.amount_applied is null then 'missing'
        when cases.amount_applied < 0 then 'negative'
        else 'zero'
    end as part,
    case
        when cast($counts as varchar) = 'rate'
            then cast(coalesce(realised.amount, cases.amount_realised, 0) * 100 as bigint)
        else 1
    end as numerator,
    case when cast($counts as varchar) = 'rate' then cast(cases.amount_applied * 100 as bigint) end as denominator
from model.case_spells as spells
inner join model.cases as cases on spells.case_key = cases.case_key
left join realised on spells.spell_no = realised.spell_no
where cases.is_counted
    and cases.counts_as in ('enforcement_first', 'enforcement_resumed')
    and spells.closed_on between $data_from and $counting_day
    and case
        when cast($counts as varchar) = 'rate' then coalesce(cases.amount_applied, 0) > 0
        else coalesce(cases.amount_applied, 0) <= 0
    end
