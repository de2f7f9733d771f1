-- grain: one member an application of the five populations, on the day of its first decision
select
    'registration_correction_rate' as metric,
    cast(null as varchar) as variant,
    decisions.application_key as case_key,
    decisions.decided_on as counted_on,
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
        when decisions.correction_notice_on is not null or decisions.first_decision = 'correct' then 1
        else 0
    end as numerator,
    1 as denominator
from model.registration_decisions as decisions
where decisions.population in (
        'civil_first', 'administrative_first', 'private_prosecution', 'compensation', 'first_enforcement'
    )
    and decisions.first_decision in ('register', 'refuse', 'return', 'correct')
    and decisions.decided_on between $data_from and $counting_day
