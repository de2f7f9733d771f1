-- grain: one row: how many rows are set aside as known at $refresh_no, each counted once whatever the number of its reasons
select
    count(*) as rows_aside,
    count(case when asides.is_open then 1 end) as rows_open
from (
    select
        quarantined.delivery_no,
        quarantined.record,
        bool_or(quarantined.status = 'open') as is_open
    from quarantined
    group by
        quarantined.delivery_no,
        quarantined.record
) as asides
