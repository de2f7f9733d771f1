-- grain: one cell that stands in one of two warehouses (catalogues `standing` and `replayed`) and not in the other
with only_standing as (
    select
        cells.metric,
        cells.variant,
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        cells.counts_as,
        cells.case_type,
        cells.procedure,
        cells.bench,
        cells.judge,
        cells.population,
        cells.channel,
        cells.closing_manner,
        cells.part,
        cells.numerator,
        cells.denominator,
        cells.from_refresh,
        cells.to_refresh
    from standing.metrics.cells as cells
    except all
    select
        cells.metric,
        cells.variant,
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        cells.counts_as,
        cells.case_type,
        cells.procedure,
        cells.bench,
        cells.judge,
        cells.population,
        cells.channel,
        cells.closing_manner,
        cells.part,
        cells.numerator,
        cells.denominator,
        cells.from_refresh,
        cells.to_refresh
    from replayed.metrics.cells as cells
),

only_replayed as (
    select
        cells.metric,
        cells.variant,
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        cells.counts_as,
        cells.case_type,
        cells.procedure,
        cells.bench,
        cells.judge,
        cells.population,
        cells.channel,
        cells.closing_manner,
        cells.part,
        cells.numerator,
        cells.denominator,
        cells.from_refresh,
        cells.to_refresh
    from replayed.metrics.cells as cells
    except all
    select
        cells.metric,
        cells.variant,
        cells.calendar_id,
        cells.period_id,
        cells.court,
        cells.family,
        cells.counts_as,
        cells.case_type,
        cells.procedure,
        cells.bench,
        cells.judge,
        cells.population,
        cells.channel,
        cells.closing_manner,
        cells.part,
        cells.numerator,
        cells.denominator,
        cells.from_refresh,
        cells.to_refresh
    from standing.metrics.cells as cells
)

select
    'only in the standing warehouse' as side,
    only_standing.metric,
    only_standing.variant,
    only_standing.calendar_id,
    only_standing.period_id,
    only_standing.court,
    only_standing.family,
    only_standing.counts_as,
    only_standing.case_type,
    only_standing.procedure,
    only_standing.bench,
    only_standing.judge,
    only_standing.population,
    only_standing.channel,
    only_standing.closing_manner,
    only_standing.part,
    only_standing.numerator,
    only_standing.denominator,
    only_standing.from_refresh,
    only_standing.to_refresh
from only_standing
union all
select
    'only in the replayed one' as side,
    only_replayed.metric,
    only_replayed.variant,
    only_replayed.calendar_id,
    only_replayed.period_id,
    only_replayed.court,
    only_replayed.family,
    only_replayed.counts_as,
    only_replayed.case_type,
    only_replayed.procedure,
    only_replayed.bench,
    only_replayed.judge,
    only_replayed.population,
    only_replayed.channel,
    only_replayed.closing_manner,
    only_replayed.part,
    only_replayed.numerator,
    only_replayed.denominator,
    only_replayed.from_refresh,
    only_replayed.to_refresh
from only_replayed
order by all
limit 20
