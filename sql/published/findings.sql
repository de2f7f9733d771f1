-- grain: one finding, as it last stood, as known at $refresh_no
with known as (
    select
        held.finding_no,
        held.rule_id,
        held.severity,
        held.looks_at,
        held.source,
        held.subject,
        held.case_key,
        held.court_code,
        held.column_name,
        held.value,
        held.message,
        held.delivery_no,
        held.record,
        held.line,
        held.opened_in,
        case when held.to_refresh < $refresh_no then held.to_refresh + 1 end as ended_in,
        row_number() over (partition by held.finding_no order by held.from_refresh desc) as place
    from quality.findings as held
    where held.from_refresh <= $refresh_no
),

sent as (
    -- how often a row with the same fault was delivered
    select
        aside.reason_code,
        aside.source,
        aside.case_key,
        aside.column_name,
        count(distinct aside.delivery_no) as deliveries
    from quality.set_aside as aside
    where aside.set_aside_in <= $refresh_no
        and aside.case_key is not null
    group by
        aside.reason_code,
        aside.source,
        aside.case_key,
        aside.column_name
),

by_key as (
    select
        cases.case_key,
        max(cases.case_number) as case_number,
        max(cases.family) as family,
        max(cases.bench_code) as bench_code
    from published.cases as cases
    group by cases.case_key
),

by_number as (
    -- rules on sets name a case by its number
    select
        cases.case_number,
        max(cases.family) as family,
        max(cases.bench_code) as bench_code
    from published.cases as cases
    group by cases.case_number
)

select
    known.finding_no,
    known.rule_id,
    known.severity,
    known.looks_at,
    known.source,
    known.subject,
    known.case_key,
    known.court_code,
    known.column_name,
    known.value,
    known.message,
    known.delivery_no,
    deliveries.file,
    deliveries.places,
    deliveries.feeds,
    known.record,
    known.line,
    aside.fields,
    coalesce(by_key.case_number, by_number.case_number) as case_number,
    coalesce(by_key.family, by_number.family, types.family) as family,
    coalesce(by_key.bench_code, by_number.bench_code) as bench_code,
    coalesce(sent.deliveries, 1) as times_delivered,
    known.opened_in,
    known.ended_in
from known
left join model.deliveries as deliveries on known.delivery_no = deliveries.delivery_no
left join by_key on known.case_key = by_key.case_key
left join by_number
    on known.subject = by_number.case_number
    and known.looks_at = 'set'
left join model.case_types as types
    on deliveries.feeds = 'cases'
    and split_part(known.case_key, '-', 3) = types.type_code
left join (
    select
        rows_aside.delivery_no,
        rows_aside.record,
        max(rows_aside.fields) as fields
    from quality.set_aside as rows_aside
    group by
        rows_aside.delivery_no,
        rows_aside.record
) as aside
    on known.delivery_no = aside.delivery_no
    and known.record = aside.record
left join sent
    on known.rule_id = sent.reason_code
    and known.source = sent.source
    and known.case_key = sent.case_key
    and coalesce(known.column_name, '') = coalesce(sent.column_name, '')
where known.place = 1
order by known.finding_no
