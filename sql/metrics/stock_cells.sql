-- grain: one cell as counted by this refresh, of a stock
-- Intervals are first summed by the periods in which they begin and end, then joined to the ends: rows × period ends
-- would explode. $shift 0 counts at the end of a period, 1 before its first day. 0 stands for "before the data".
-- Rows are first summed by the pieces of time in which they come and go, which lie in one period of every calendar.
with known as (
    select distinct
        days.day,
        days.piece_on
    from model.days as days
),

pieces as (
    select
        members.metric,
        members.variant,
        entered.piece_on as entered_on,
        left_behind.piece_on as left_on,
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
        sum(members.numerator) as numerator
    from members
    left join known as entered on members.in_from = entered.day
    left join known as left_behind on members.in_until = left_behind.day
    where members.in_from <= $counting_day
        and (members.in_until is null or members.in_until >= $data_from)
    group by
        members.metric,
        members.variant,
        entered.piece_on,
        left_behind.piece_on,
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
),

spans as (
    select
        pieces.metric,
        pieces.variant,
        calendars.calendar_id,
        coalesce(entered.ordinal, 0) as first_in,
        left_behind.ordinal as first_out,
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
        sum(pieces.numerator) as numerator
    from pieces
    cross join (select distinct periods.calendar_id from model.periods as periods) as calendars
    left join model.days as entered
        on pieces.entered_on = entered.day
        and calendars.calendar_id = entered.calendar_id
    left join model.days as left_behind
        on pieces.left_on = left_behind.day
        and calendars.calendar_id = left_behind.calendar_id
    group by
        pieces.metric,
        pieces.variant,
        calendars.calendar_id,
        coalesce(entered.ordinal, 0),
        left_behind.ordinal,
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
)

select
    spans.metric,
    spans.variant,
    spans.calendar_id,
    periods.period_id,
    spans.court,
    spans.family,
    spans.counts_as,
    spans.case_type,
    spans.procedure,
    spans.bench,
    spans.judge,
    spans.population,
    spans.channel,
    spans.closing_manner,
    spans.part,
    cast(sum(spans.numerator) as bigint) as numerator,
    cast(null as bigint) as denominator
from spans
inner join model.periods as periods
    on spans.calendar_id = periods.calendar_id
    and spans.first_in <= periods.ordinal - $shift
    and (spans.first_out is null or spans.first_out > periods.ordinal - $shift)
group by
    spans.metric,
    spans.variant,
    spans.calendar_id,
    periods.period_id,
    spans.court,
    spans.family,
    spans.counts_as,
    spans.case_type,
    spans.procedure,
    spans.bench,
    spans.judge,
    spans.population,
    spans.channel,
    spans.closing_manner,
    spans.part
