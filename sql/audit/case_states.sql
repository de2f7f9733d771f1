-- grain: one version of one case in one state of knowledge that holds it
-- A state is what was known of a case before (side 0) or after (side 1) one step; its key says case, step and side.
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
    history.case_key || states.tag as case_key,
    history.delivery_no,
    history.known_from,
    history.presence,
    history.row_hash,
    history.record,
    history.line,
    history.case_number,
    history.court_code,
    history.number_year,
    history.number_form,
    history.type_characters,
    history.special_code,
    history.serial,
    history.type_code,
    history.procedure,
    history.bench_code,
    history.judge_code,
    history.registered_on,
    history.closed_on,
    history.reopened_on,
    history.closing_manner,
    history.origin_case_number,
    history.origin_case_key || states.tag as origin_case_key,
    history.is_private_prosecution,
    history.transferred_in,
    history.is_void,
    history.amount_applied,
    history.amount_realised
from published_file.model.case_history as history
inner join states on history.case_key = states.entity_key
left join firsts on history.known_from = firsts.refresh_no
left join knowledge.steps as own
    on history.known_from = own.refresh_no
    and history.delivery_no = own.delivery_no
where history.known_from <= $first_refresh
    or (
        history.known_from <= $last_refresh
        and coalesce(own.step, firsts.step) < states.step + states.side
    )
