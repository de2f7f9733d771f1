-- grain: one limit of one proceeding while it is in force, or a span in which there is none
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
) as gaps
where gaps.effective_from is not null
    and (gaps.effective_to is null or gaps.effective_to >= gaps.effective_from)
