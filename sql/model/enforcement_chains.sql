-- grain: one enforcement case (首次执行, 执恢) and the case at the root of its chain of resumptions
-- Six doublings follow 64 steps: longer than any chain, never caught in a circle, and no recursion is needed.
with steps_1 as (
    select
        cases.case_key,
        case when origins.case_key is null then cases.case_key else cases.origin_case_key end as ancestor
    from model.cases as cases
    left join model.cases as origins
        on cases.origin_case_key = origins.case_key
        and origins.counts_as in ('enforcement_first', 'enforcement_resumed')
    where cases.counts_as in ('enforcement_first', 'enforcement_resumed')
),

steps_2 as (
    select near.case_key, coalesce(far.ancestor, near.ancestor) as ancestor
    from steps_1 as near
    left join steps_1 as far on near.ancestor = far.case_key
),

steps_4 as (
    select near.case_key, coalesce(far.ancestor, near.ancestor) as ancestor
    from steps_2 as near
    left join steps_2 as far on near.ancestor = far.case_key
),

steps_8 as (
    select near.case_key, coalesce(far.ancestor, near.ancestor) as ancestor
    from steps_4 as near
    left join steps_4 as far on near.ancestor = far.case_key
),

steps_16 as (
    select near.case_key, coalesce(far.ancestor, near.ancestor) as ancestor
    from steps_8 as near
    left join steps_8 as far on near.ancestor = far.case_key
),

steps_32 as (
    select near.case_key, coalesce(far.ancestor, near.ancestor) as ancestor
    from steps_16 as near
    left join steps_16 as far on near.ancestor = far.case_key
),

steps_64 as (
    select near.case_key, coalesce(far.ancestor, near.ancestor) as ancestor
    from steps_32 as near
    left join steps_32 as far on near.ancestor = far.case_key
)

select
    steps_64.case_key,
    steps_64.ancestor as root_case_key,
    roots.ancestor is null or roots.ancestor = steps_64.ancestor as is_traced
from steps_64
left join steps_1 as roots on steps_64.ancestor = roots.case_key
