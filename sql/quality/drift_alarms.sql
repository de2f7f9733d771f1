-- grain: one series of drift, its newest point, as known at a refresh
with numbered as (
    select
        drift.refresh_no,
        drift.delivery_no,
        drift.source,
        drift.measure,
        drift.series,
        drift.value,
        drift.n,
        drift.centre,
        drift.lower,
        drift.upper,
        drift.verdict,
        drift.since,
        row_number() over (
            partition by drift.source, drift.measure, drift.series
            order by drift.refresh_no desc, drift.place desc, drift.delivery_no desc
        ) as age
    from quality.drift as drift
    where drift.refresh_no <= $refresh_no
)

select
    numbered.refresh_no,
    numbered.delivery_no,
    numbered.source,
    numbered.measure,
    numbered.series,
    numbered.value,
    numbered.n,
    numbered.centre,
    numbered.lower,
    numbered.upper,
    numbered.verdict,
    delivered.file,
    delivered.extract_on,
    raised.file as since_file,
    raised.extract_on as since_extract_on
from numbered
inner join model.deliveries as delivered on numbered.delivery_no = delivered.delivery_no
left join model.deliveries as raised on numbered.since = raised.delivery_no
where numbered.age = 1
order by
    numbered.source,
    numbered.measure,
    numbered.series
