-- grain: one statutory limit in one span of its validity, as this publication counted by it
select
    limits.limit_id,
    limits.name_zh,
    limits.name_en,
    limits.effective_from,
    limits.effective_to,
    limits.base_months,
    limits.base_days,
    limits.hard_months,
    limits.hard_days,
    limits.longest_months,
    limits.longest_days,
    limits.day_zero,
    limits.extension,
    limits.article,
    limits.is_verified
from model.statutory_limits as limits
order by
    limits.limit_id,
    limits.effective_from
