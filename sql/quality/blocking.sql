-- grain: one rule on the run that this refresh broke, or that could not be asked
select
    verdicts.rule_id,
    coalesce(verdicts.error, min(failures.item), 'broken') as what
from quality.verdicts as verdicts
left join quality.failures as failures
    on verdicts.refresh_no = failures.refresh_no
    and verdicts.rule_id = failures.rule_id
where verdicts.refresh_no = $refresh_no
    and verdicts.looks_at = 'run'
    and verdicts.severity = 'blocks'
    and not verdicts.holds
group by
    verdicts.rule_id,
    verdicts.error
