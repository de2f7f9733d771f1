-- grain: one counted member of a flow or share in a span, with the row that it was counted from
select
    members.case_key,
    coalesce(rows_counted.case_number, members.case_key) as case_number,
    members.part,
    members.counted_on as counted_on,
    members.numerator,
    members.denominator,
    rows_counted.delivery_no,
    deliveries.file,
    deliveries.sha256,
    rows_counted.record,
    rows_counted.line
from members
left join (
    select
        cases.case_key as member_key,
        cases.case_number,
        cases.delivery_no,
        cases.record,
        cases.line
    from model.cases as cases
    union all
    select
        decisions.application_key as member_key,
        decisions.case_number,
        decisions.delivery_no,
        decisions.record,
        decisions.line
    from model.registration_decisions as decisions
) as rows_counted
    on members.case_key = rows_counted.member_key
left join model.deliveries as deliveries on rows_counted.delivery_no = deliveries.delivery_no
where members.counted_on between $first_day and $last_day
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
order by
    members.counted_on,
    members.case_key,
    members.part
