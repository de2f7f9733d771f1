-- grain: one field of one case that delivery $delivery changed; a new, vanished or returned case is one row
with versions as (
    select
        history.case_key,
        history.delivery_no,
        history.presence,
        history.line,
        history.case_number,
        history.procedure,
        history.bench_code,
        cast(history.registered_on as varchar) as registered_on,
        cast(history.closed_on as varchar) as closed_on,
        cast(history.reopened_on as varchar) as reopened_on,
        history.closing_manner,
        cast(history.amount_applied as varchar) as amount_applied,
        cast(history.amount_realised as varchar) as amount_realised,
        lag(history.delivery_no) over (partition by history.case_key order by deliveries.world_rank) as before_no
    from model.case_history as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
),

fields as (
    select 'procedure' as field
    union all
    select 'bench_code' as field
    union all
    select 'registered_on' as field
    union all
    select 'closed_on' as field
    union all
    select 'reopened_on' as field
    union all
    select 'closing_manner' as field
    union all
    select 'amount_applied' as field
    union all
    select 'amount_realised' as field
),

unpivoted as (
    select
        versions.case_key,
        versions.delivery_no,
        fields.field,
        case fields.field
            when 'procedure' then versions.procedure
            when 'bench_code' then versions.bench_code
            when 'registered_on' then versions.registered_on
            when 'closed_on' then versions.closed_on
            when 'reopened_on' then versions.reopened_on
            when 'closing_manner' then versions.closing_manner
            when 'amount_applied' then versions.amount_applied
            else versions.amount_realised
        end as value
    from versions
    cross join fields
)

select
    versions.case_number,
    case
        when versions.presence = 'absent' then 'gone'
        when versions.presence = 'returned' then 'returned'
        else 'new'
    end as change,
    cast(null as varchar) as field,
    cast(null as varchar) as before,
    cast(null as varchar) as after,
    versions.line
from versions
where versions.delivery_no = cast($delivery as bigint)
    and (versions.before_no is null or versions.presence <> 'seen')
union all
select
    versions.case_number,
    'changed' as change,
    later.field,
    earlier.value as before,
    later.value as after,
    versions.line
from versions
inner join unpivoted as later
    on versions.case_key = later.case_key
    and versions.delivery_no = later.delivery_no
inner join unpivoted as earlier
    on versions.case_key = earlier.case_key
    and versions.before_no = earlier.delivery_no
    and later.field = earlier.field
where versions.delivery_no = cast($delivery as bigint)
    and versions.presence = 'seen'
    and later.value is distinct from earlier.value
order by
    change,
    case_number,
    field
