-- grain: one delivery or set-aside row that stands in one of two warehouses (catalogues `standing` and `replayed`) alone
with standing_rows as (
    select
        'delivery' as what,
        deliveries.delivery_no,
        deliveries.taken_in as known_in,
        deliveries.rows_delivered as at_record,
        deliveries.rows_duplicate as at_line,
        cast(deliveries.rows_untyped as varchar) as why,
        cast(deliveries.world_rank as varchar) as column_name
    from standing.model.deliveries as deliveries
    union all
    select
        'set aside' as what,
        set_aside.delivery_no,
        set_aside.set_aside_in as known_in,
        set_aside.record as at_record,
        set_aside.line as at_line,
        set_aside.reason_code as why,
        set_aside.column_name
    from standing.quality.set_aside as set_aside
),

replayed_rows as (
    select
        'delivery' as what,
        deliveries.delivery_no,
        deliveries.taken_in as known_in,
        deliveries.rows_delivered as at_record,
        deliveries.rows_duplicate as at_line,
        cast(deliveries.rows_untyped as varchar) as why,
        cast(deliveries.world_rank as varchar) as column_name
    from replayed.model.deliveries as deliveries
    union all
    select
        'set aside' as what,
        set_aside.delivery_no,
        set_aside.set_aside_in as known_in,
        set_aside.record as at_record,
        set_aside.line as at_line,
        set_aside.reason_code as why,
        set_aside.column_name
    from replayed.quality.set_aside as set_aside
),

only_standing as (
    select
        standing_rows.what,
        standing_rows.delivery_no,
        standing_rows.known_in,
        standing_rows.at_record,
        standing_rows.at_line,
        standing_rows.why,
        standing_rows.column_name
    from standing_rows
    except all
    select
        replayed_rows.what,
        replayed_rows.delivery_no,
        replayed_rows.known_in,
        replayed_rows.at_record,
        replayed_rows.at_line,
        replayed_rows.why,
        replayed_rows.column_name
    from replayed_rows
),

only_replayed as (
    select
        replayed_rows.what,
        replayed_rows.delivery_no,
        replayed_rows.known_in,
        replayed_rows.at_record,
        replayed_rows.at_line,
        replayed_rows.why,
        replayed_rows.column_name
    from replayed_rows
    except all
    select
        standing_rows.what,
        standing_rows.delivery_no,
        standing_rows.known_in,
        standing_rows.at_record,
        standing_rows.at_line,
        standing_rows.why,
        standing_rows.column_name
    from standing_rows
)

select
    'only in the standing warehouse' as side,
    only_standing.what,
    only_standing.delivery_no,
    only_standing.known_in,
    only_standing.at_record,
    only_standing.at_line,
    only_standing.why,
    only_standing.column_name
from only_standing
union all
select
    'only in the replayed one' as side,
    only_replayed.what,
    only_replayed.delivery_no,
    only_replayed.known_in,
    only_replayed.at_record,
    only_replayed.at_line,
    only_replayed.why,
    only_replayed.column_name
from only_replayed
order by all
limit 20
