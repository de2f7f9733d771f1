-- grain: one delivery whose rows do not add up
with typed as (
    select
        cases.delivery_no,
        cases.record
    from staged.new_cases as cases
    union all
    select
        applications.delivery_no,
        applications.record
    from staged.new_registrations as applications
    union all
    -- one source row may give several numbers: it is accepted once
    select distinct
        totals.delivery_no,
        totals.record
    from staged.new_totals as totals
),

accepted as (
    select
        typed.delivery_no,
        count(*) as accepted
    from typed
    left join (
        select distinct
            rows_aside.delivery_no,
            rows_aside.record
        from quality.set_aside as rows_aside
    ) as aside
        on typed.delivery_no = aside.delivery_no
        and typed.record = aside.record
    where aside.record is null
    group by typed.delivery_no
),

aside as (
    select
        rows_aside.delivery_no,
        count(distinct rows_aside.record) as set_aside
    from quality.set_aside as rows_aside
    group by rows_aside.delivery_no
)

select
    concat(deliveries.file, ' (delivery ', cast(deliveries.delivery_no as varchar), ')') as item,
    cast(null as varchar) as court_code,
    cast(null as date) as first_day,
    cast(null as date) as last_day
from model.deliveries as deliveries
left join accepted on deliveries.delivery_no = accepted.delivery_no
left join aside on deliveries.delivery_no = aside.delivery_no
where deliveries.taken_in = $refresh_no
    and deliveries.rows_delivered <> coalesce(accepted.accepted, 0)
    + coalesce(aside.set_aside, 0)
    + deliveries.rows_duplicate
