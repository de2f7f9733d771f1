-- grain: one of the last sixty points of one series of drift, as it was judged, the oldest first
with numbered as (
    select
        drift.source,
        drift.measure,
        drift.series,
        drift.value,
        drift.n,
        drift.verdict,
        drift.since,
        drift.refresh_no,
        drift.place,
        row_number() over (
            partition by drift.source, drift.measure, drift.series
            order by drift.refresh_no desc, drift.place desc, drift.delivery_no desc
        ) as age
    from quality.drift as drift
    where drift.refresh_no < $refresh_no
        -- a series that nothing was said of for so long begins anew
        and drift.refresh_no > $refresh_no - 500
)

select
    numbered.source,
    numbered.measure,
    numbered.series,
    numbered.value,
    numbered.n,
    numbered.verdict,
    numbered.since,
    numbered.refresh_no,
    numbered.place
from numbered
where numbered.age <= 60
order by
    numbered.source,
    numbered.measure,
    numbered.series,
    numbered.age desc
