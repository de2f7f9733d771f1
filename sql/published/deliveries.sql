-- grain: one delivery taken and what became of its rows
with aside as (
    select
        set_aside.delivery_no,
        count(distinct set_aside.record) as rows_aside
    from quality.set_aside as set_aside
    group by set_aside.delivery_no
)

select
    deliveries.delivery_no,
    deliveries.source,
    deliveries.file,
    deliveries.sha256,
    deliveries.extract_on,
    deliveries.taken_in,
    deliveries.rows_delivered,
    deliveries.rows_delivered - deliveries.rows_duplicate - coalesce(aside.rows_aside, 0) as rows_accepted,
    coalesce(aside.rows_aside, 0) as rows_quarantined,
    deliveries.rows_duplicate
from model.deliveries as deliveries
left join aside on deliveries.delivery_no = aside.delivery_no
