-- grain: one reason why one row is set aside, as known at $refresh_no
select
    set_aside.delivery_no,
    deliveries.file,
    deliveries.sha256,
    deliveries.places,
    set_aside.source,
    set_aside.record,
    set_aside.line,
    set_aside.case_key,
    set_aside.court_code,
    set_aside.reason_code,
    set_aside.column_name,
    set_aside.value,
    set_aside.message,
    set_aside.fields,
    set_aside.set_aside_in,
    case
        when set_aside.reason_code = 'NO_CASE' then 'no_case'
        when rectified.how = 'sent_again' then 'sent_again'
        when rectified.how = 'corrected' then 'rectified'
        else 'open'
    end as status,
    rectified.rectified_in
from quality.set_aside as set_aside
left join model.deliveries as deliveries on set_aside.delivery_no = deliveries.delivery_no
left join quality.rectified as rectified
    on set_aside.delivery_no = rectified.delivery_no
    and set_aside.record = rectified.record
    and rectified.rectified_in <= $refresh_no
where set_aside.set_aside_in <= $refresh_no
order by
    deliveries.file,
    set_aside.line,
    set_aside.reason_code
