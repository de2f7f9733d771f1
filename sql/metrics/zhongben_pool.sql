-- grain: one member a chain of enforcement cases and a stay in the 终本 pool, as an interval
-- A chain enters with a 终本 closing of any of its cases and leaves with the registration of a 执恢 that reaches it; on
-- one day the older case's event comes first, and a case is registered before it closes. 终本 before data_from are not in.
with events as (
    select
        chains.root_case_key,
        cases.case_key,
        cases.registered_on,
        spells.closed_on as happened_on,
        2 as place,
        true as is_entry
    from model.enforcement_chains as chains
    inner join model.cases as cases on chains.case_key = cases.case_key
    inner join model.case_spells as spells on cases.case_key = spells.case_key
    where cases.is_counted
        and spells.closing_effect = 'zhongben'
        and spells.closed_on >= $data_from
    union all
    select
        chains.root_case_key,
        cases.case_key,
        cases.registered_on,
        cases.registered_on as happened_on,
        1 as place,
        false as is_entry
    from model.enforcement_chains as chains
    inner join model.cases as cases on chains.case_key = cases.case_key
    where cases.is_counted
        and cases.counts_as = 'enforcement_resumed'
        and cases.registered_on >= $data_from
),

pool as (
    select
        events.case_key,
        events.is_entry,
        events.happened_on as in_from,
        lead(events.happened_on) over (
            partition by events.root_case_key
            order by events.happened_on, events.registered_on, events.case_key, events.place
        ) as in_until
    from events
)

select
    'zhongben_pool' as metric,
    cast(null as varchar) as variant,
    pool.case_key,
    pool.in_from,
    pool.in_until,
    coalesce(cases.court_code, 'none') as court,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as case_type,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.bench_code, 'none') as bench,
    coalesce(cases.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as part,
    1 as numerator,
    cast(null as bigint) as denominator
from pool
inner join model.cases as cases on pool.case_key = cases.case_key
where pool.is_entry
