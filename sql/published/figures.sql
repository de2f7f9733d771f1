-- grain: one asked period and one value of the asked dimensions
-- Cells as they stood at $refresh_no, summed; a rate is divided last, by the reader. $asked_ids and $base_ids pair each
-- asked period with the base periods in it (for a stock with the one at whose end, or start, it is taken).
with asked as (
    select
        unnest(cast($asked_ids as varchar[])) as asked_id,
        unnest(cast($base_ids as varchar[])) as base_id
)

select
    asked.asked_id,
    case when $by_court then cells.court end as court,
    case when $by_family then cells.family end as family,
    case when $by_counts_as then cells.counts_as end as counts_as,
    case when $by_case_type then cells.case_type end as case_type,
    case when $by_procedure then cells.procedure end as procedure,
    case when $by_bench then cells.bench end as bench,
    case when $by_judge then cells.judge end as judge,
    case when $by_population then cells.population end as population,
    case when $by_channel then cells.channel end as channel,
    case when $by_closing_manner then cells.closing_manner end as closing_manner,
    case when $by_part then cells.part end as part,
    cast(sum(cells.numerator) as bigint) as numerator,
    cast(sum(cells.denominator) as bigint) as denominator
from metrics.cells as cells
inner join asked on cells.period_id = asked.base_id
where cells.metric = $metric
    and cells.variant is not distinct from $variant
    and cells.calendar_id = $calendar
    and cells.from_refresh <= $refresh_no
    and (cells.to_refresh is null or cells.to_refresh >= $refresh_no)
    and ($is_court is null or cells.court = $is_court)
    and ($is_family is null or cells.family = $is_family)
    and ($is_counts_as is null or cells.counts_as = $is_counts_as)
    and ($is_case_type is null or cells.case_type = $is_case_type)
    and ($is_procedure is null or cells.procedure = $is_procedure)
    and ($is_bench is null or cells.bench = $is_bench)
    and ($is_judge is null or cells.judge = $is_judge)
    and ($is_population is null or cells.population = $is_population)
    and ($is_channel is null or cells.channel = $is_channel)
    and ($is_closing_manner is null or cells.closing_manner = $is_closing_manner)
    and ($is_part is null or cells.part = $is_part)
    and not coalesce(list_contains(cast($leaves_out as varchar[]), cells.counts_as), false)
group by all
