-- grain: one limit for the decision on applications to register of one population
select distinct
    limits.limit_id,
    limits.name_zh,
    limits.name_en,
    limits.population,
    limits.days,
    limits.article
from model.registration_limits as limits
order by
    limits.limit_id,
    limits.population
