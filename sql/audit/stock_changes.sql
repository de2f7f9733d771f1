-- grain: one member of a stock and one asked period at whose end (or start, with $shift 1) it counts
-- $by_key leaves the members apart; else they are summed.
with asked as (
    select
        unnest(cast($asked_ids as varchar[])) as asked_id,
        unnest(cast($base_ids as varchar[])) as base_id
)

select
    case when $by_key then members.case_key end as member_key,
    asked.asked_id,
    case when $by_court then members.court end as court,
    case when $by_family then members.family end as family,
    case when $by_counts_as then members.counts_as end as counts_as,
    case when $by_case_type then members.case_type end as case_type,
    case when $by_procedure then members.procedure end as procedure,
    case when $by_bench then members.bench end as bench,
    case when $by_judge then members.judge end as judge,
    case when $by_population then members.population end as population,
    case when $by_channel then members.channel end as channel,
    case when $by_closing_manner then members.closing_manner end as closing_manner,
    case when $by_part then members.part end as part,
    cast(sum(members.numerator) as bigint) as numerator,
    cast(sum(members.denominator) as bigint) as denominator
from members
left join model.days as entered
    on members.in_from = entered.day
    and entered.calendar_id = $calendar
left join model.days as left_behind
    on members.in_until = left_behind.day
    and left_behind.calendar_id = $calendar
inner join model.periods as periods
    on periods.calendar_id = $calendar
    and coalesce(entered.ordinal, 0) <= periods.ordinal - $shift
    and (left_behind.ordinal is null or left_behind.ordinal > periods.ordinal - $shift)
inner join asked on periods.period_id = asked.base_id
where members.in_from <= $counting_day
    and (members.in_until is null or members.in_until >= $data_from)
    and ($is_court is null or members.court = $is_court)
    and ($is_family is null or members.family = $is_family)
    and ($is_counts_as is null or members.counts_as = $is_counts_as)
    and ($is_case_type is null or members.case_type = $is_case_type)
    and ($is_procedure is null or members.procedure = $is_procedure)
    and ($is_bench is null or members.bench = $is_bench)
    and ($is_judge is null or members.judge = $is_judge)
    and ($is_population is null or members.population = $is_population)
    and ($is_channel is null or members.channel = $is_channel)
    and ($is_closing_manner is null or members.closing_manner = $is_closing_manner)
    and ($is_part is null or members.part = $is_part)
    and not coalesce(list_contains(cast($leaves_out as varchar[]), members.counts_as), false)
group by all
