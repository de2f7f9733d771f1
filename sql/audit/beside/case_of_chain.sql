-- grain: one other case in the chain of resumptions of one of the cases $keys, with the line that it stands on
select
    asked.case_key as member_key,
    cases.case_number,
    cases.delivery_no,
    cases.record,
    cases.line
from (select unnest(cast($keys as varchar[])) as case_key) as asked
inner join model.enforcement_chains as mine on asked.case_key = mine.case_key
inner join model.enforcement_chains as others
    on mine.root_case_key = others.root_case_key
    and mine.case_key <> others.case_key
inner join model.cases as cases on others.case_key = cases.case_key
