-- grain: one row about one result in one state of knowledge that holds it
-- A state is what was known of a case before (side 0) or after (side 1) one step; its key says case, step and side. A row
-- is in the states of every case that its entry was ever told of: told of another one, it has left the first.
with firsts as (
    select
        steps.refresh_no,
        min(steps.step) as step
    from knowledge.steps as steps
    group by steps.refresh_no
),

told_of as (
    select distinct
        history.result_key,
        history.case_key
    from published_file.model.enforcement_result_history as history
),

states as (
    select distinct
        told_of.result_key,
        scope.step,
        sides.side,
        concat($mark, cast(scope.step as varchar), $mark, cast(sides.side as varchar)) as tag
    from knowledge.scope as scope
    inner join told_of on scope.entity_key = told_of.case_key
    cross join knowledge.sides as sides
)

select
    history.delivery_no,
    history.record,
    history.line,
    history.known_from,
    history.result_key || states.tag as result_key,
    history.case_key || states.tag as case_key,
    history.case_number,
    history.court_code,
    history.result_on,
    history.amount_applied,
    history.amount_realised,
    history.property_found,
    history.outcome,
    history.is_void
from published_file.model.enforcement_result_history as history
inner join states on history.result_key = states.result_key
left join firsts on history.known_from = firsts.refresh_no
left join knowledge.steps as own
    on history.known_from = own.refresh_no
    and history.delivery_no = own.delivery_no
where history.known_from <= $first_refresh
    or (
        history.known_from <= $last_refresh
        and coalesce(own.step, firsts.step) < states.step + states.side
    )
