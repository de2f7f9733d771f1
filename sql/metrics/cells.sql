-- grain: one cell as counted by this refresh, of a flow or a share
-- First by pieces of time that lie in one period of every calendar, then by the periods of each: rows are read once.
with pieces as (
    select
        members.metric,
        members.variant,
        days.piece_on,
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
        sum(members.numerator) as numerator,
        sum(members.denominator) as denominator
    from members
    inner join (select distinct known.day, known.piece_on from model.days as known) as days on members.counted_on = days.day
    group by
        members.metric,
        members.variant,
        days.piece_on,
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
)

select
    pieces.metric,
    pieces.variant,
    days.calendar_id,
    periods.period_id,
    pieces.court,
    pieces.family,
    pieces.counts_as,
    pieces.case_type,
    pieces.procedure,
    pieces.bench,
    pieces.judge,
    pieces.population,
    pieces.channel,
    pieces.closing_manner,
    pieces.part,
    cast(sum(pieces.numerator) as bigint) as numerator,
    cast(sum(pieces.denominator) as bigint) as denominator
from pieces
inner join model.days as days on pieces.piece_on = days.day
inner join model.periods as periods
    on days.calendar_id = periods.calendar_id
    and days.ordinal = periods.ordinal
group by
    pieces.metric,
    pieces.variant,
    days.calendar_id,
    periods.period_id,
    pieces.court,
    pieces.family,
    pieces.counts_as,
    pieces.case_type,
    pieces.procedure,
    pieces.bench,
    pieces.judge,
    pieces.population,
    pieces.channel,
    pieces.closing_manner,
    pieces.part
