-- grain: one cell and the span of refreshes over which its value held
-- What is counted anew with the same value goes on; what is not ends at the refresh before; what is new begins here.
with compared as (
    select
        held.metric,
        held.variant,
        held.calendar_id,
        held.period_id,
        held.court,
        held.family,
        held.counts_as,
        held.case_type,
        held.procedure,
        held.bench,
        held.judge,
        held.population,
        held.channel,
        held.closing_manner,
        held.part,
        held.numerator,
        held.denominator,
        held.from_refresh,
        0 as is_new
    from metrics.cells as held
    where held.to_refresh is null
    union all
    select
        new.metric,
        new.variant,
        new.calendar_id,
        new.period_id,
        new.court,
        new.family,
        new.counts_as,
        new.case_type,
        new.procedure,
        new.bench,
        new.judge,
        new.population,
        new.channel,
        new.closing_manner,
        new.part,
        new.numerator,
        new.denominator,
        cast($refresh_no as bigint) as from_refresh,
        1 as is_new
    from metrics.new_cells as new
)

select
    compared.metric,
    compared.variant,
    compared.calendar_id,
    compared.period_id,
    compared.court,
    compared.family,
    compared.counts_as,
    compared.case_type,
    compared.procedure,
    compared.bench,
    compared.judge,
    compared.population,
    compared.channel,
    compared.closing_manner,
    compared.part,
    compared.numerator,
    compared.denominator,
    min(compared.from_refresh) as from_refresh,
    case when max(compared.is_new) = 1 then cast(null as bigint) else cast($refresh_before as bigint) end as to_refresh
from compared
group by
    compared.metric,
    compared.variant,
    compared.calendar_id,
    compared.period_id,
    compared.court,
    compared.family,
    compared.counts_as,
    compared.case_type,
    compared.procedure,
    compared.bench,
    compared.judge,
    compared.population,
    compared.channel,
    compared.closing_manner,
    compared.part,
    compared.numerator,
    compared.denominator
union all
select
    ended.metric,
    ended.variant,
    ended.calendar_id,
    ended.period_id,
    ended.court,
    ended.family,
    ended.counts_as,
    ended.case_type,
    ended.procedure,
    ended.bench,
    ended.judge,
    ended.population,
    ended.channel,
    ended.closing_manner,
    ended.part,
    ended.numerator,
    ended.denominator,
    ended.from_refresh,
    ended.to_refresh
from metrics.cells as ended
where ended.to_refresh is not null
