-- grain: one row that breaks the rule, and the column at fault
with running as (
    select
        events.delivery_no,
        events.record,
        events.line,
        events.event_key,
        events.case_key,
        events.court_code,
        events.from_on,
        deliveries.extract_on
    from staged.new_clock_events as events
    inner join model.deliveries as deliveries on events.delivery_no = deliveries.delivery_no
    where events.kind = 'suspension'
        and not coalesce(events.is_void, false)
        and events.from_on <= deliveries.extract_on
        and (events.to_on is null or events.to_on >= deliveries.extract_on)
),

told as (
    select
        running.delivery_no,
        running.record,
        cases.closed_on,
        cases.reopened_on,
        row_number() over (
            partition by running.delivery_no, running.record
            order by deliveries.extract_on desc, deliveries.world_rank desc, cases.record desc
        ) as place
    from running
    inner join staged.cases as cases on running.case_key = cases.case_key
    inner join model.deliveries as deliveries on cases.delivery_no = deliveries.delivery_no
    left join quality.set_aside as aside
        on cases.delivery_no = aside.delivery_no
        and cases.record = aside.record
    where deliveries.extract_on <= running.extract_on
        and aside.record is null
)

select
    running.delivery_no,
    running.record,
    running.line,
    running.event_key as case_key,
    running.court_code,
    'from_on' as column_name,
    cast(running.from_on as varchar) as value
from running
inner join told
    on running.delivery_no = told.delivery_no
    and running.record = told.record
where told.place = 1
    and told.closed_on <= running.extract_on
    and (told.reopened_on is null or told.reopened_on < told.closed_on)
