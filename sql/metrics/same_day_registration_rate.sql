-- grain: one member a registered application of the five populations, on the day of registration
-- Registered at the first decision, on the day of receipt, without a notice to correct (dictionary, section 3, v1).
select
    'same_day_registration_rate' as metric,
    cast($variant as varchar) as variant,
    decisions.application_key as case_key,
    decisions.registered_on as counted_on,
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
from model.registration_decisions as decisions
where decisions.population in (
        'civil_first', 'administrative_first', 'private_prosecution', 'compensation', 'first_enforcement'
    )
    and decisions.registered_on between $data_from and $counting_day
    and (cast($received_from as date) is null or decisions.received_on >= cast($received_from as date))
