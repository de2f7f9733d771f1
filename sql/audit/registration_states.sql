-- grain: one version of one application in one state of knowledge that holds it
-- A state is what was known of an application before (side 0) or after (side 1) one step; its key says application, step and side.
with firsts as (
    select
        steps.refresh_no,
        min(steps.step) as step
    from knowledge.steps as steps
    group by steps.refresh_no
),

states as (
    select
        scope.entity_key,
        scope.step,
        sides.side,
        concat($mark, cast(scope.step as varchar), $mark, cast(sides.side as varchar)) as tag
    from knowledge.scope as scope
    cross join knowledge.sides as sides
)

select
    history.application_key || states.tag as application_key,
    history.delivery_no,
    history.known_from,
    history.presence,
    history.row_hash,
    history.record,
    history.line,
    history.court_code,
    history.received_on,
    history.channel,
    history.population,
    history.first_decision,
    history.decided_on,
    history.correction_notice_on,
    history.corrected_material_on,
    history.registered_on,
    history.case_number,
    history.case_key || states.tag as case_key
from published_file.model.registration_history as history
inner join states on history.application_key = states.entity_key
left join firsts on history.known_from = firsts.refresh_no
left join knowledge.steps as own
    on history.known_from = own.refresh_no
    and history.delivery_no = own.delivery_no
where history.known_from <= $first_refresh
    or (
        history.known_from <= $last_refresh
        and coalesce(own.step, firsts.step) < states.step + states.side
    )
