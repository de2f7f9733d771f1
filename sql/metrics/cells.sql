-- grain: one cell as counted by this refresh, of a flow or a share
select
    members.metric,
    members.variant,
    days.calendar_id,
    periods.period_id,
    members.court,
    members.family,
    members.counts_as,
    members.case_type,
    members.procedure,
    members.bench,
    members.judge,
    members.population,
    members.channel,
    members.closing_manner,
    members.part,
    cast(sum(members.numerator) as bigint) as numerator,
    cast(sum(members.denominator) as bigint) as denominator
from members
inner join model.days as days on members.counted_on = days.day
inner join model.periods as periods
    on days.calendar_id = periods.calendar_id
    and days.ordinal = periods.ordinal
group by
    members.metric,
    members.variant,
    days.calendar_id,
    periods.period_id,
    members.court,
    members.family,
    members.counts_as,
    members.case_type,
    members.procedure,
    members.bench,
    members.judge,
    members.population,
    members.channel,
    members.closing_manner,
    members.part
