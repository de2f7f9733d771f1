-- grain: one row that is set aside, with the key that it tells of
select distinct
    rows_aside.delivery_no,
    rows_aside.record,
    rows_aside.case_key as key
from quality.set_aside as rows_aside
