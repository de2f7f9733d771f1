-- grain: one combination of values of the asked dimensions that occurs in the profile
-- Parts are a metric's own: those of another never occur in it. What counts as no case occurs where $with_outside says so.
select distinct
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
    case when $by_part then cells.part end as part
from metrics.cells as cells
where cells.from_refresh <= $refresh_no
    and (cells.to_refresh is null or cells.to_refresh >= $refresh_no)
    and ($with_outside or cells.counts_as is distinct from 'not_a_case')
    and (not $by_court or cells.court is not null)
    and (not $by_family or cells.family is not null)
    and (not $by_counts_as or cells.counts_as is not null)
    and (not $by_case_type or cells.case_type is not null)
    and (not $by_procedure or cells.procedure is not null)
    and (not $by_bench or cells.bench is not null)
    and (not $by_judge or cells.judge is not null)
    and (not $by_population or cells.population is not null)
    and (not $by_channel or cells.channel is not null)
    and (not $by_closing_manner or cells.closing_manner is not null)
    and (not $by_part or (cells.part is not null and cells.metric = $metric))
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
