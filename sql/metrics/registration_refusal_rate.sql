-- grain: one member an application of the five populations that was decided: registered, refused or returned, on that day
-- $with_returns counts returned applications with the refused.
with decisions as (
    select
        received.application_key,
        received.court_code,
        received.population,
        received.channel,
        received.first_decision,
        received.registered_on,
        case
            when received.registered_on is not null then received.registered_on
            when received.first_decision in ('refuse', 'return') then received.decided_on
        end as counted_on
    from model.registration_decisions as received
    where received.population in (
        'civil_first', 'administrative_first', 'private_prosecution', 'compensation', 'first_enforcement'
    )
)

select
    'registration_refusal_rate' as metric,
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
        when decisions.registered_on is not null then 0
        when decisions.first_decision = 'refuse' then 1
        when decisions.first_decision = 'return' and cast($with_returns as boolean) then 1
        else 0
    end as numerator,
    1 as denominator
from decisions
where decisions.counted_on between $data_from and $counting_day
