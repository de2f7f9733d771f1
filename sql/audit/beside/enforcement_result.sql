-- grain: one result entry of one of the cases $keys, with the line that tells of it
select
    asked.case_key as member_key,
    results.case_number,
    results.delivery_no,
    results.record,
    results.line
from (select unnest(cast($keys as varchar[])) as case_key) as asked
inner join model.enforcement_results as results on asked.case_key = results.case_key
