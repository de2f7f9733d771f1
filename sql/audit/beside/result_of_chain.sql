-- grain: one result entry of another case in the chain of resumptions of one of $keys, with the line that tells of it
select
    asked.case_key as member_key,
    results.case_number,
    results.delivery_no,
    results.record,
    results.line
from (select unnest(cast($keys as varchar[])) as case_key) as asked
inner join model.enforcement_chains as mine on asked.case_key = mine.case_key
inner join model.enforcement_chains as others
    on mine.root_case_key = others.root_case_key
    and mine.case_key <> others.case_key
inner join model.enforcement_results as results on others.case_key = results.case_key
