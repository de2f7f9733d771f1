-- grain: one case or application that is linked to one in the scope of a step and is not in it yet
-- Whether a case counts may depend on those that resume it, on what it resumes, and on other numbers of the same case;
-- some limits run from the receipt of the application, and that of an application depends on its case.
with links as (
    select distinct
        history.case_key as near_key,
        history.origin_case_key as far_key
    from published_file.model.case_history as history
    where history.origin_case_key is not null
    union
    select distinct
        history.origin_case_key as near_key,
        history.case_key as far_key
    from published_file.model.case_history as history
    where history.origin_case_key is not null
    union
    select
        corrections.case_key as near_key,
        corrections.new_case_key as far_key
    from published_file.model.correction_history as corrections
    where corrections.new_case_key is not null
    union
    select
        corrections.new_case_key as near_key,
        corrections.case_key as far_key
    from published_file.model.correction_history as corrections
    where corrections.new_case_key is not null
    union
    select
        history.application_key as near_key,
        history.case_key as far_key
    from published_file.model.registration_history as history
    where history.case_key is not null
    union
    select
        history.case_key as near_key,
        history.application_key as far_key
    from published_file.model.registration_history as history
    where history.case_key is not null
)

select distinct
    links.far_key as entity_key,
    scope.step,
    false as is_told
from knowledge.scope as scope
inner join links on scope.entity_key = links.near_key
left join knowledge.scope as there
    on links.far_key = there.entity_key
    and scope.step = there.step
where there.entity_key is null
