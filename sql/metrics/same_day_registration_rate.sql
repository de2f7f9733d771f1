-- grain: one member an application of the five populations, on the day that $counted_on names
-- Registered at the first decision, on the day of receipt, without a notice to correct (dictionary, section 3, v1).
-- $counted_on: registration and receipt count registered applications, decision also those refused and returned.
with decisions as (
    select
        received.application_key,
        received.court_code,
        received.population,
        received.channel,
        received.received_on,
        received.first_decision,
        received.decided_on,
        received.correction_notice_on,
        case
            when cast($counted_on as varchar) <> 'decision' and received.registered_on is null then null
            when cast($counted_on as varchar) = 'receipt' then received.received_on
            when cast($counted_on as varchar) = 'registration' then received.registered_on
            when received.first_decision in ('register', 'refuse', 'return') then received.decided_on
            else received.registered_on
        end as counted_on
    from model.registration_decisions as received
    where received.population in (
            'civil_first', 'administrative_first', 'private_prosecution', 'compensation', 'first_enforcement'
        )
        and (received.registered_on is null or received.registered_on <= $counting_day)
)

select
    'same_day_registration_rate' as metric,
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
        when decisions.first_decision = 'register'
            and decisions.decided_on = decisions.received_on
            and decisions.correction_notice_on is null
            then 1
        else 0
    end as numerator,
    1 as denominator
from decisions
left join model.working_days as working_days on decisions.received_on = working_days.day
where decisions.counted_on between $data_from and $counting_day
    and (cast($received_from as date) is null or decisions.received_on >= cast($received_from as date))
    and (not cast($offline_only as boolean) or coalesce(decisions.channel, 'none') <> 'online')
    and (not cast($without_enforcement as boolean) or decisions.population <> 'first_enforcement')
    and (not cast($working_days_only as boolean) or working_days.is_working)
