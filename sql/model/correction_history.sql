-- grain: one correction of one field of one case, as delivered
-- A correction is never changed; a later one of the same field takes its place (model.case_versions).
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    cast($refresh_no as bigint) as known_from,
    delivered.case_key,
    delivered.case_number,
    delivered.court_code,
    delivered.column_name,
    delivered.old_value,
    delivered.new_value,
    delivered.made_by,
    delivered.reason,
    delivered.made_on,
    delivered.new_case_key,
    delivered.new_case_number,
    delivered.new_court_code,
    delivered.new_number_year,
    delivered.new_number_form,
    delivered.new_type_characters,
    delivered.new_special_code,
    delivered.new_serial,
    delivered.new_type_code
from staged.new_corrections as delivered
left join (
    select distinct
        set_aside.delivery_no,
        set_aside.record
    from quality.set_aside as set_aside
) as refused
    on delivered.delivery_no = refused.delivery_no
    and delivered.record = refused.record
left join model.correction_history as known
    on delivered.delivery_no = known.delivery_no
    and delivered.record = known.record
where refused.record is null
    and known.record is null
