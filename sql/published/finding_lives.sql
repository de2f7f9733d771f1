-- grain: one unbroken stay of one finding on the worklist, as known at $refresh_no
select
    held.finding_no,
    held.opened_in,
    max(held.rule_id) as rule_id,
    max(held.source) as source,
    max(held.court_code) as court_code,
    max(deliveries.file) as file,
    case
        when max(coalesce(held.to_refresh, $refresh_no)) < $refresh_no then max(held.to_refresh) + 1
    end as ended_in
from quality.findings as held
left join model.deliveries as deliveries on held.delivery_no = deliveries.delivery_no
where held.from_refresh <= $refresh_no
group by
    held.finding_no,
    held.opened_in
order by
    held.finding_no,
    held.opened_in
