-- grain: one row about one event in one state of knowledge that holds it
-- A state is what was known of a case before (side 0) or after (side 1) one step; its key says case, step and side. A row
-- is in the states of every case that its event was ever told of: told of another one, it has left the first.
with firsts as (
    select
        steps.refresh_no,
        min(steps.step) as step
    from knowledge.steps as steps
    group by steps.refresh_no
),

told_of as (
    select distinct
        history.event_key,
        history.case_key
    from published_file.model.clock_event_history as history
),

states as (
    select distinct
        told_of.event_key,
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
    history.event_key || states.tag as event_key,
    history.case_key || states.tag as case_key,
    history.case_number,
    history.court_code,
    history.kind,
    history.reason,
    history.from_on,
    history.to_on,
    history.approved_on,
    history.former_procedure,
    history.extended_months,
    history.extended_days,
    history.is_void
from published_file.model.clock_event_history as history
inner join states on history.event_key = states.event_key
left join firsts on history.known_from = firsts.refresh_no
left join knowledge.steps as own
    on history.known_from = own.refresh_no
    and history.delivery_no = own.delivery_no
where history.known_from <= $first_refresh
    or (
        history.known_from <= $last_refresh
        and coalesce(own.step, firsts.step) < states.step + states.side
    )
