-- grain: one number of days, and how cases ended then, of the cases registered from $first_day to $last_day
-- Days run from registration to the closing, or to $counting_day where the case is still pending. A case that was opened
-- again ended with its first closing. A transfer to another court ends nothing: how long the case lasts is not known here.
with ended as (
    select
        spells.opened_on,
        case when spells.closed_on <= $counting_day then spells.closed_on else $counting_day end as ended_on,
        case
            when spells.closed_on is null or spells.closed_on > $counting_day then 'pending'
            when spells.closing_effect = 'transfer' then 'transferred'
            else 'closed'
        end as ended_as
    from model.case_spells as spells
    where spells.opened_as = 'filed'
        and spells.opened_on between $first_day and $last_day
        and ($is_court is null or coalesce(spells.court_code, 'none') = $is_court)
        and ($is_family is null or spells.family = $is_family)
        and ($is_counts_as is null or spells.counts_as = $is_counts_as)
        and ($is_case_type is null or coalesce(spells.type_code, 'none') = $is_case_type)
        and ($is_procedure is null or coalesce(spells.procedure, 'none') = $is_procedure)
)

select
    date_diff('day', ended.opened_on, ended.ended_on) as days,
    ended.ended_as,
    count(*) as cases
from ended
group by
    date_diff('day', ended.opened_on, ended.ended_on),
    ended.ended_as
