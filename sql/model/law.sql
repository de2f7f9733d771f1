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
    firsts.proceeding,
    firsts.selector,
    date '0001-01-01' as effective_from,
    firsts.effective_from - 1 as effective_to,
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
        min(limits.effective_from) as effective_from
    from model.statutory_limits as limits
    group by limits.proceeding
) as firsts
union all
select
    gaps.proceeding,
    gaps.selector,
    gaps.effective_to + 1 as effective_from,
    gaps.next_from - 1 as effective_to,
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
        limits.selector,
        limits.effective_to,
        lead(limits.effective_from) over (partition by limits.proceeding order by limits.effective_from) as next_from
    from model.statutory_limits as limits
) as gaps
where gaps.effective_to is not null
    and (gaps.next_from is null or gaps.next_from > gaps.effective_to + 1)
