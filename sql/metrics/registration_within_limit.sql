-- grain: one member an application that was decided: registered, refused or returned, on the day of that decision
-- The limit runs from the day after receipt; after a notice to correct, which must be given within it, from the day after
-- the corrected material came. Where none came and the application was refused or returned, only the notice is judged.
with decisions as (
    select
        received.application_key,
        received.court_code,
        received.population,
        received.channel,
        received.case_key,
        received.received_on,
        received.corrected_material_on,
        coalesce(
            received.correction_notice_on,
            case when received.first_decision = 'correct' then received.decided_on end
        ) as notice_on,
        received.registered_on,
        case
            when received.registered_on is not null then received.registered_on
            when received.first_decision in ('refuse', 'return') then received.decided_on
        end as counted_on
    from model.registration_decisions as received
),

limited as (
    select
        decisions.application_key,
        decisions.court_code,
        decisions.population,
        decisions.channel,
        decisions.received_on,
        decisions.corrected_material_on,
        decisions.notice_on,
        decisions.registered_on,
        decisions.counted_on,
        decisions.received_on + coalesce(own.days, common.days) as last_day,
        decisions.corrected_material_on + coalesce(own.days, common.days) as last_day_again
    from decisions
    left join model.cases as cases on decisions.case_key = cases.case_key
    left join model.registration_limits as own
        on decisions.population = own.population
        and cases.type_code = own.type_code
    left join model.registration_limits as common
        on decisions.population = common.population
        and common.type_code is null
    where coalesce(own.days, common.days) is not null
),

due as (
    select
        limited.application_key,
        limited.court_code,
        limited.population,
        limited.channel,
        limited.received_on,
        limited.corrected_material_on,
        limited.notice_on,
        limited.registered_on,
        limited.counted_on,
        coalesce(days.next_working_day, limited.last_day) as due_on,
        coalesce(days_again.next_working_day, limited.last_day_again) as due_again_on
    from limited
    left join model.working_days as days on limited.last_day = days.day
    left join model.working_days as days_again on limited.last_day_again = days_again.day
)

select
    'registration_within_limit' as metric,
    cast($variant as varchar) as variant,
    decisions.application_key as case_key,
    decisions.counted_on,
    coalesce(decisions.court_code, 'none') as court,
    cast(null as varchar) as family,
    cast(null as varchar) as counts_as,
    cast(null as varchar) as case_type,
    cast(null as varchar) as procedure,
    cast(null as varchar) as bench,
    cast(null as varchar) as judge,
    decisions.population,
    coalesce(decisions.channel, 'none') as channel,
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as part,
    case
        when decisions.notice_on is null and decisions.counted_on <= decisions.due_on then 1
        when decisions.notice_on > decisions.due_on then 0
        when decisions.notice_on is not null and decisions.corrected_material_on is not null
            then case when decisions.counted_on <= decisions.due_again_on then 1 else 0 end
        when decisions.notice_on is not null and decisions.registered_on is null then 1
        when decisions.counted_on <= decisions.due_on then 1
        else 0
    end as numerator,
    1 as denominator
from due as decisions
where decisions.counted_on between $data_from and $counting_day
    and (cast($received_from as date) is null or decisions.received_on >= cast($received_from as date))
