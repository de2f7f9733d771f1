-- grain: one case or application and one step that told something of it
-- A version of a delivery that was taken before, made anew because an older extract came late, belongs to the first step
-- of the refresh that learned it: it only says again what stood.
with versions as (
    select
        history.case_key as entity_key,
        history.delivery_no,
        history.known_from
    from published_file.model.case_history as history
    where history.known_from > $first_refresh
        and history.known_from <= $last_refresh
    union all
    select
        history.application_key as entity_key,
        history.delivery_no,
        history.known_from
    from published_file.model.registration_history as history
    where history.known_from > $first_refresh
        and history.known_from <= $last_refresh
    union all
    select
        corrections.case_key as entity_key,
        corrections.delivery_no,
        corrections.known_from
    from published_file.model.correction_history as corrections
    where corrections.known_from > $first_refresh
        and corrections.known_from <= $last_refresh
    union all
    select
        corrections.new_case_key as entity_key,
        corrections.delivery_no,
        corrections.known_from
    from published_file.model.correction_history as corrections
    where corrections.known_from > $first_refresh
        and corrections.known_from <= $last_refresh
        and corrections.new_case_key is not null
    union all
    -- every case that the event was ever told of
    select
        told_of.case_key as entity_key,
        history.delivery_no,
        history.known_from
    from published_file.model.clock_event_history as history
    inner join published_file.model.clock_event_history as told_of on history.event_key = told_of.event_key
    where history.known_from > $first_refresh
        and history.known_from <= $last_refresh
        and told_of.case_key is not null
    union all
    -- every case that the entry was ever told of
    select
        told_of.case_key as entity_key,
        history.delivery_no,
        history.known_from
    from published_file.model.enforcement_result_history as history
    inner join published_file.model.enforcement_result_history as told_of on history.result_key = told_of.result_key
    where history.known_from > $first_refresh
        and history.known_from <= $last_refresh
        and told_of.case_key is not null
),

firsts as (
    select
        steps.refresh_no,
        min(steps.step) as step
    from knowledge.steps as steps
    group by steps.refresh_no
)

select distinct
    versions.entity_key,
    coalesce(steps.step, firsts.step) as step,
    true as is_told
from versions
inner join firsts on versions.known_from = firsts.refresh_no
left join knowledge.steps as steps
    on versions.delivery_no = steps.delivery_no
    and versions.known_from = steps.refresh_no
