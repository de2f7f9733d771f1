-- grain: one source, reason and status of rows set aside as known at $refresh_no, with how many reasons there are
select
    quarantined.source,
    quarantined.reason_code,
    quarantined.status,
    count(*) as reasons
from quarantined
group by
    quarantined.source,
    quarantined.reason_code,
    quarantined.status
