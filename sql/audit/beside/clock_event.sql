-- grain: one event of the clock of one of the cases $keys, with the line that tells of it
select
    asked.case_key as member_key,
    events.case_number,
    events.delivery_no,
    events.record,
    events.line
from (select unnest(cast($keys as varchar[])) as case_key) as asked
inner join model.clock_events as events on asked.case_key = events.case_key
