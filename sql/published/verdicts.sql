-- grain: one rule at the latest refresh
select
    verdicts.rule_id,
    verdicts.severity,
    verdicts.looks_at,
    verdicts.table_name,
    verdicts.rows_looked_at,
    verdicts.failing,
    verdicts.holds
from quality.verdicts as verdicts
where verdicts.refresh_no = $refresh_no
