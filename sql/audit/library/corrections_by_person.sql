-- grain: one person, field and outcome of corrections
select
    corrections.made_by,
    corrections.column_name,
    corrections.status,
    count(*) as corrections,
    min(corrections.made_on) as first_on,
    max(corrections.made_on) as last_on
from model.corrections as corrections
group by
    corrections.made_by,
    corrections.column_name,
    corrections.status
order by
    corrections.made_by,
    corrections.column_name,
    corrections.status
