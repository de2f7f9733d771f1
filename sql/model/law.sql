-- grain: one limit of one proceeding while it is in force, or a span in which there is none
-- A proceeding of which no text sets a limit is under none at all times. The number is a shorter key than both of its own.
with spans as (
    select
        limits.proceeding,
        limits.selector,
        limits.effective_from,
        limits.effective_to,
        limits.limit_id,
        limits.base_months,
        limits.base_days,
        limits.hard_months,
        limits.hard_days,
        limits.hard_when,
        limits.longest_months,
        limits.longest_days,
        limits.day_zero,
        limits.conversion,
        limits.moves_off_holidays
    from model.statutory_limits as limits
    union all
    select
        gaps.proceeding,
        gaps.selector,
        gaps.effective_from,
        gaps.effective_to,
        cast(null as varchar) as limit_id,
        cast(null as integer) as base_months,
        cast(null as integer) as base_days,
        cast(null as integer) as hard_months,
        cast(null as integer) as hard_days,
        cast(null as varchar) as hard_when,
        cast(null as integer) as longest_months,
        cast(null as integer) as longest_days,
        cast(null as varchar) as day_zero,
        cast(null as varchar) as conversion,
        cast(null as boolean) as moves_off_holidays
    from (
        select
            limits.proceeding,
            min(limits.selector) as selector,
            date '0001-01-01' as effective_from,
            min(limits.effective_from) - 1 as effective_to
        from model.statutory_limits as limits
        group by limits.proceeding
        union all
        select
            limits.proceeding,
            limits.selector,
            limits.effective_to + 1 as effective_from,
            lead(limits.effective_from) over (partition by limits.proceeding order by limits.effective_from) - 1 as effective_to
        from model.statutory_limits as limits
        union all
        select distinct
            proceedings.proceeding,
            cast(null as varchar) as selector,
            date '0001-01-01' as effective_from,
            cast(null as date) as effective_to
        from model.proceedings as proceedings
        left join model.statutory_limits as limits on proceedings.proceeding = limits.proceeding
        where limits.proceeding is null
    ) as gaps
    where gaps.effective_from is not null
        and (gaps.effective_to is null or gaps.effective_to >= gaps.effective_from)
)

select
    cast(row_number() over (order by spans.proceeding, spans.effective_from) as integer) as law_no,
    spans.proceeding,
    spans.selector,
    spans.effective_from,
    spans.effective_to,
    spans.limit_id,
    spans.base_months,
    spans.base_days,
    spans.hard_months,
    spans.hard_days,
    spans.hard_when,
    spans.longest_months,
    spans.longest_days,
    spans.day_zero,
    spans.conversion,
    spans.moves_off_holidays
from spans
