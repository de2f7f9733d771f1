-- grain: one stay of a chain of enforcement cases in the 终本 pool, from a 终本 closing until what happens to the chain next
-- A chain enters with a 终本 closing of any of its cases, since data_from. It leaves with a resumption (a 执恢 that reaches
-- it, or a case of it opened again under its own number), with a result that ends the claim, or with another 终本, which
-- begins the next stay. On one day the older case comes first, a case opens before it closes, results come last.
with events as (
    select
        chains.root_case_key,
        spells.case_key,
        spells.opened_on,
        cases.registered_on,
        spells.closed_on as happened_on,
        0 as is_result,
        2 as place,
        'closed_again' as reason,
        true as is_entry
    from model.enforcement_chains as chains
    inner join model.cases as cases on chains.case_key = cases.case_key
    inner join model.case_spells as spells on cases.case_key = spells.case_key
    where spells.closing_effect = 'zhongben'
        and spells.closed_on >= $data_from
    union all
    select
        chains.root_case_key,
        spells.case_key,
        spells.opened_on,
        cases.registered_on,
        spells.opened_on as happened_on,
        0 as is_result,
        1 as place,
        'resumed' as reason,
        false as is_entry
    from model.enforcement_chains as chains
    inner join model.cases as cases on chains.case_key = cases.case_key
    inner join model.case_spells as spells on cases.case_key = spells.case_key
    where cases.counts_as = 'enforcement_resumed'
        or spells.opened_as = 'reopened'
    union all
    select
        chains.root_case_key,
        results.case_key,
        cases.registered_on as opened_on,
        cases.registered_on,
        results.result_on as happened_on,
        1 as is_result,
        3 as place,
        results.outcome as reason,
        false as is_entry
    from model.enforcement_chains as chains
    inner join model.cases as cases on chains.case_key = cases.case_key
    inner join model.enforcement_results as results on cases.case_key = results.case_key
    where cases.is_counted
        and results.outcome in ('satisfied', 'terminated', 'to_bankruptcy')
),

followed as (
    select
        events.root_case_key,
        events.case_key,
        events.opened_on,
        events.is_entry,
        events.happened_on as in_from,
        lead(events.happened_on) over (
            partition by events.root_case_key
            order by
                events.happened_on, events.is_result, events.registered_on, events.case_key, events.opened_on, events.place,
                events.reason
        ) as in_until,
        lead(events.reason) over (
            partition by events.root_case_key
            order by
                events.happened_on, events.is_result, events.registered_on, events.case_key, events.opened_on, events.place,
                events.reason
        ) as exit_reason,
        lead(events.case_key) over (
            partition by events.root_case_key
            order by
                events.happened_on, events.is_result, events.registered_on, events.case_key, events.opened_on, events.place,
                events.reason
        ) as exit_case_key
    from events
)

select
    followed.case_key,
    followed.opened_on,
    followed.root_case_key,
    followed.in_from,
    followed.in_until,
    followed.exit_reason,
    followed.exit_case_key
from followed
where followed.is_entry
