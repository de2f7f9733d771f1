-- grain: one correction in one state of knowledge that holds it
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
    history.delivery_no,
    history.record,
    history.line,
    history.known_from,
    history.case_key || states.tag as case_key,
    history.case_number,
    history.court_code,
    history.column_name,
    history.old_value,
    history.new_value,
    history.made_by,
    history.reason,
    history.made_on,
    history.new_case_key || states.tag as new_case_key,
    history.new_case_number,
    history.new_court_code,
    history.new_number_year,
    history.new_number_form,
    history.new_type_characters,
    history.new_special_code,
    history.new_serial,
    history.new_type_code
from published_file.model.correction_history as history
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
