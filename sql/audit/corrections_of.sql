-- grain: one correction of one of $keys, as known at $refresh_no
select
    corrections.case_key,
    corrections.new_case_key,
    corrections.column_name,
    corrections.old_value,
    corrections.new_value,
    corrections.made_by,
    corrections.reason,
    corrections.made_on,
    corrections.known_from,
    corrections.delivery_no,
    deliveries.file,
    deliveries.sha256,
    corrections.line
from model.correction_history as corrections
inner join model.deliveries as deliveries on corrections.delivery_no = deliveries.delivery_no
where corrections.known_from <= $refresh_no
    and (list_contains($keys, corrections.case_key) or list_contains($keys, corrections.new_case_key))
order by
    corrections.delivery_no,
    corrections.record
