-- grain: one rule, as it was last asked
-- A rule on rows is asked of new rows alone: a refresh without any leaves the verdict on the last ones.
with asked as (
    select
        verdicts.rule_id,
        max(verdicts.refresh_no) as refresh_no
    from quality.verdicts as verdicts
    inner join quality.verdicts as in_force
        on verdicts.rule_id = in_force.rule_id
        and in_force.refresh_no = $refresh_no
    where verdicts.refresh_no <= $refresh_no
        and (verdicts.looks_at <> 'row' or verdicts.rows_looked_at > 0 or verdicts.error is not null)
    group by verdicts.rule_id
)

select
    verdicts.rule_id,
    verdicts.severity,
    verdicts.looks_at,
    verdicts.table_name,
    verdicts.rows_looked_at,
    verdicts.failing,
    verdicts.holds
from asked
inner join quality.verdicts as verdicts
    on asked.rule_id = verdicts.rule_id
    and asked.refresh_no = verdicts.refresh_no
