-- grain: one member of a stock at the end of $day
select
    members.case_key,
    members.part,
    members.in_from as counted_on,
    members.numerator,
    members.denominator
from members
where members.in_from <= $day
    and (members.in_until is null or members.in_until > $day)
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
