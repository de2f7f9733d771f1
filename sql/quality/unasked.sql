-- grain: one blocking rule on rows that this refresh could not ask, and why
select
    verdicts.rule_id,
    verdicts.error
from quality.verdicts as verdicts
where verdicts.refresh_no = $refresh_no
    and verdicts.looks_at = 'row'
    and verdicts.severity = 'blocks'
    and verdicts.error is not null
