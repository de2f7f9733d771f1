-- grain: one case that vanished and has not come back
with gone as (
    select distinct history.case_key
    from model.case_history as history
    where history.presence = 'absent'
),

told as (
    select
        gone.case_key,
        history.presence,
        deliveries.extract_on,
        row_number() over (partition by gone.case_key order by deliveries.world_rank desc) as place
    from gone
    inner join model.case_history as history on gone.case_key = history.case_key
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
)

select
    coalesce(cases.case_number, told.case_key) as item,
    cases.court_code,
    told.extract_on as first_day,
    told.extract_on as last_day
from told
left join model.cases as cases on told.case_key = cases.case_key
where told.place = 1
    and told.presence = 'absent'
