-- grain: one correction by a person of one of the cases $keys, with the line that it stands on
select
    asked.case_key as member_key,
    cast(null as varchar) as case_number,
    corrections.delivery_no,
    corrections.record,
    corrections.line
from (select unnest(cast($keys as varchar[])) as case_key) as asked
inner join model.correction_history as corrections
    on asked.case_key = corrections.case_key
    or asked.case_key = corrections.new_case_key
where corrections.known_from <= $refresh_no
