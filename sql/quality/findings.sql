-- grain: one finding and one span of refreshes over which it stood unchanged
-- Rows set aside stand until they come right; a row that only warns until its key is delivered again without the fault; a rule
-- on a set for as long as it is broken there. What could not be asked now stands as before. A finding that comes back has the
-- number that it had.
with before as (
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
        held.first_day,
        held.last_day,
        held.opened_in,
        held.from_refresh
    from quality.findings as held
    where held.to_refresh is null
),

verdicts as (
    select
        asked.rule_id,
        asked.severity,
        asked.looks_at,
        asked.error
    from quality.verdicts as asked
    where asked.refresh_no = $refresh_no
),

-- rows set aside

open_rows as (
    select
        aside.reason_code as rule_id,
        aside.source,
        coalesce(aside.case_key, concat('delivery ', aside.delivery_no, ' record ', aside.record)) as subject,
        aside.case_key,
        aside.court_code,
        aside.column_name,
        aside.value,
        aside.message,
        aside.delivery_no,
        aside.record,
        aside.line,
        aside.set_aside_in
    from quality.set_aside as aside
    left join quality.rectified as rectified
        on aside.delivery_no = rectified.delivery_no
        and aside.record = rectified.record
    where rectified.record is null
        and coalesce(aside.reason_code, '') <> 'NO_CASE'
),

aside_now as (
    -- of rows that have one fault the first: it brought the fault in
    select
        numbered.rule_id,
        numbered.source,
        numbered.subject,
        numbered.case_key,
        numbered.court_code,
        numbered.column_name,
        numbered.value,
        numbered.message,
        numbered.delivery_no,
        numbered.record,
        numbered.line
    from (
        select
            rows_open.rule_id,
            rows_open.source,
            rows_open.subject,
            rows_open.case_key,
            rows_open.court_code,
            rows_open.column_name,
            rows_open.value,
            rows_open.message,
            rows_open.delivery_no,
            rows_open.record,
            rows_open.line,
            row_number() over (
                partition by rows_open.rule_id, rows_open.source, rows_open.subject, rows_open.column_name
                order by rows_open.set_aside_in, rows_open.delivery_no, rows_open.record
            ) as place
        from open_rows as rows_open
    ) as numbered
    where numbered.place = 1
),

-- rows that only warn

warned_now as (
    select
        failures.rule_id,
        deliveries.source,
        failures.case_key as subject,
        failures.case_key,
        failures.court_code,
        failures.column_name,
        max(failures.value) as value,
        max(failures.message) as message,
        min(failures.delivery_no) as delivery_no,
        min(failures.record) as record,
        min(failures.line) as line
    from quality.failures as failures
    inner join model.deliveries as deliveries on failures.delivery_no = deliveries.delivery_no
    where failures.refresh_no = $refresh_no
        and failures.record is not null
        and failures.case_key is not null
    group by
        failures.rule_id,
        deliveries.source,
        failures.case_key,
        failures.court_code,
        failures.column_name
),

warned_before as (
    select
        before.rule_id,
        before.source,
        before.subject,
        before.case_key,
        before.court_code,
        before.column_name,
        before.value,
        before.message,
        before.delivery_no,
        before.record,
        before.line
    from before
    where before.looks_at = 'row'
        and before.severity <> 'blocks'
),

delivered as (
    select
        cases.case_key,
        'cases' as feeds,
        cases.delivery_no,
        cases.record
    from staged.new_cases as cases
    inner join warned_before on cases.case_key = warned_before.case_key
    union
    select
        applications.application_key as case_key,
        'registrations' as feeds,
        applications.delivery_no,
        applications.record
    from staged.new_registrations as applications
    inner join warned_before on applications.application_key = warned_before.case_key
    union
    select
        events.event_key as case_key,
        'clock_events' as feeds,
        events.delivery_no,
        events.record
    from staged.new_clock_events as events
    inner join warned_before on events.event_key = warned_before.case_key
    union
    select
        results.result_key as case_key,
        'enforcement_results' as feeds,
        results.delivery_no,
        results.record
    from staged.new_enforcement_results as results
    inner join warned_before on results.result_key = warned_before.case_key
    union
    select
        told.case_key,
        'case_events' as feeds,
        told.delivery_no,
        told.record
    from staged.new_case_events as told
    inner join warned_before on told.case_key = warned_before.case_key
),

delivered_again as (
    select distinct
        delivered.case_key,
        delivered.feeds,
        deliveries.world_rank
    from delivered
    inner join model.deliveries as deliveries on delivered.delivery_no = deliveries.delivery_no
    left join quality.set_aside as aside
        on delivered.delivery_no = aside.delivery_no
        and delivered.record = aside.record
    where aside.record is null
),

still_warned as (
    select
        warned_before.rule_id,
        warned_before.source,
        warned_before.subject,
        warned_before.case_key,
        warned_before.court_code,
        warned_before.column_name,
        warned_before.value,
        warned_before.message,
        warned_before.delivery_no,
        warned_before.record,
        warned_before.line,
        again.rule_id is not null as is_told_again,
        again.message as message_now,
        max(case when delivered_again.world_rank > deliveries.world_rank then 1 else 0 end) as is_delivered_again
    from warned_before
    inner join model.deliveries as deliveries on warned_before.delivery_no = deliveries.delivery_no
    left join delivered_again
        on warned_before.case_key = delivered_again.case_key
        and deliveries.feeds = delivered_again.feeds
    left join warned_now as again
        on warned_before.rule_id = again.rule_id
        and warned_before.source = again.source
        and warned_before.subject = again.subject
        and warned_before.column_name = again.column_name
    group by
        warned_before.rule_id,
        warned_before.source,
        warned_before.subject,
        warned_before.case_key,
        warned_before.court_code,
        warned_before.column_name,
        warned_before.value,
        warned_before.message,
        warned_before.delivery_no,
        warned_before.record,
        warned_before.line,
        again.rule_id,
        again.message
),

-- rules on sets

of_sets as (
    select
        failures.rule_id,
        failures.item as subject,
        max(failures.court_code) as court_code,
        max(failures.message) as message,
        min(failures.first_day) as first_day,
        max(failures.last_day) as last_day
    from quality.failures as failures
    where failures.refresh_no = $refresh_no
        and failures.record is null
    group by
        failures.rule_id,
        failures.item
),

standing as (
    select
        aside_now.rule_id,
        'blocks' as severity,
        'row' as looks_at,
        aside_now.source,
        aside_now.subject,
        aside_now.case_key,
        aside_now.court_code,
        aside_now.column_name,
        aside_now.value,
        aside_now.message,
        aside_now.delivery_no,
        aside_now.record,
        aside_now.line,
        cast(null as date) as first_day,
        cast(null as date) as last_day
    from aside_now
    union all
    -- told of for the first time, or in other words
    select
        warned_now.rule_id,
        verdicts.severity,
        'row' as looks_at,
        warned_now.source,
        warned_now.subject,
        warned_now.case_key,
        warned_now.court_code,
        warned_now.column_name,
        warned_now.value,
        warned_now.message,
        warned_now.delivery_no,
        warned_now.record,
        warned_now.line,
        cast(null as date) as first_day,
        cast(null as date) as last_day
    from warned_now
    inner join verdicts on warned_now.rule_id = verdicts.rule_id
    left join still_warned
        on warned_now.rule_id = still_warned.rule_id
        and warned_now.source = still_warned.source
        and warned_now.subject = still_warned.subject
        and warned_now.column_name = still_warned.column_name
    where still_warned.rule_id is null
        or still_warned.message <> warned_now.message
    union all
    select
        still_warned.rule_id,
        earlier.severity,
        'row' as looks_at,
        still_warned.source,
        still_warned.subject,
        still_warned.case_key,
        still_warned.court_code,
        still_warned.column_name,
        still_warned.value,
        still_warned.message,
        still_warned.delivery_no,
        still_warned.record,
        still_warned.line,
        cast(null as date) as first_day,
        cast(null as date) as last_day
    from still_warned
    inner join before as earlier
        on still_warned.rule_id = earlier.rule_id
        and still_warned.source = earlier.source
        and still_warned.subject = earlier.subject
        and still_warned.column_name = earlier.column_name
    where case
            when still_warned.is_told_again then still_warned.message_now = still_warned.message
            else still_warned.is_delivered_again = 0
        end
    union all
    select
        of_sets.rule_id,
        verdicts.severity,
        verdicts.looks_at,
        cast(null as varchar) as source,
        of_sets.subject,
        cast(null as varchar) as case_key,
        of_sets.court_code,
        cast(null as varchar) as column_name,
        cast(null as varchar) as value,
        of_sets.message,
        cast(null as bigint) as delivery_no,
        cast(null as bigint) as record,
        cast(null as bigint) as line,
        of_sets.first_day,
        of_sets.last_day
    from of_sets
    inner join verdicts on of_sets.rule_id = verdicts.rule_id
    where verdicts.error is null
    union all
    select
        before.rule_id,
        before.severity,
        before.looks_at,
        before.source,
        before.subject,
        before.case_key,
        before.court_code,
        before.column_name,
        before.value,
        before.message,
        before.delivery_no,
        before.record,
        before.line,
        before.first_day,
        before.last_day
    from before
    inner join verdicts on before.rule_id = verdicts.rule_id
    where before.looks_at <> 'row'
        and verdicts.error is not null
),

-- numbers: that of before, or the next one

called as (
    select
        held.rule_id,
        coalesce(held.source, '') as source,
        held.subject,
        coalesce(held.column_name, '') as column_name,
        max(held.finding_no) as finding_no
    from quality.findings as held
    group by
        held.rule_id,
        coalesce(held.source, ''),
        held.subject,
        coalesce(held.column_name, '')
),

so_far as (
    select coalesce(max(called.finding_no), 0) as finding_no
    from called
),

numbered as (
    select
        standing.rule_id,
        standing.severity,
        standing.looks_at,
        standing.source,
        standing.subject,
        standing.case_key,
        standing.court_code,
        standing.column_name,
        standing.value,
        standing.message,
        standing.delivery_no,
        standing.record,
        standing.line,
        standing.first_day,
        standing.last_day,
        coalesce(
            called.finding_no,
            so_far.finding_no + sum(case when called.finding_no is null then 1 else 0 end) over (
                order by
                    standing.looks_at, standing.delivery_no, standing.record, standing.rule_id, standing.column_name,
                    standing.subject
                rows between unbounded preceding and current row
            )
        ) as finding_no
    from standing
    cross join so_far
    left join called
        on standing.rule_id = called.rule_id
        and coalesce(standing.source, '') = called.source
        and standing.subject = called.subject
        and coalesce(standing.column_name, '') = called.column_name
),

-- what stood before and now, as spans

compared as (
    select
        before.finding_no,
        before.rule_id,
        before.severity,
        before.looks_at,
        before.source,
        before.subject,
        before.case_key,
        before.court_code,
        before.column_name,
        before.value,
        before.message,
        before.delivery_no,
        before.record,
        before.line,
        before.first_day,
        before.last_day,
        before.opened_in,
        before.from_refresh,
        0 as is_now
    from before
    union all
    select
        cast(numbered.finding_no as bigint) as finding_no,
        numbered.rule_id,
        numbered.severity,
        numbered.looks_at,
        numbered.source,
        numbered.subject,
        numbered.case_key,
        numbered.court_code,
        numbered.column_name,
        numbered.value,
        numbered.message,
        numbered.delivery_no,
        numbered.record,
        numbered.line,
        numbered.first_day,
        numbered.last_day,
        coalesce(earlier.opened_in, cast($refresh_no as bigint)) as opened_in,
        cast($refresh_no as bigint) as from_refresh,
        1 as is_now
    from numbered
    left join (
        select
            before.finding_no,
            min(before.opened_in) as opened_in
        from before
        group by before.finding_no
    ) as earlier on numbered.finding_no = earlier.finding_no
)

select
    compared.finding_no,
    compared.rule_id,
    compared.severity,
    compared.looks_at,
    compared.source,
    compared.subject,
    compared.case_key,
    compared.court_code,
    compared.column_name,
    compared.value,
    compared.message,
    compared.delivery_no,
    compared.record,
    compared.line,
    compared.first_day,
    compared.last_day,
    compared.opened_in,
    min(compared.from_refresh) as from_refresh,
    case when max(compared.is_now) = 1 then cast(null as bigint) else cast($refresh_before as bigint) end as to_refresh
from compared
group by
    compared.finding_no,
    compared.rule_id,
    compared.severity,
    compared.looks_at,
    compared.source,
    compared.subject,
    compared.case_key,
    compared.court_code,
    compared.column_name,
    compared.value,
    compared.message,
    compared.delivery_no,
    compared.record,
    compared.line,
    compared.first_day,
    compared.last_day,
    compared.opened_in
union all
select
    ended.finding_no,
    ended.rule_id,
    ended.severity,
    ended.looks_at,
    ended.source,
    ended.subject,
    ended.case_key,
    ended.court_code,
    ended.column_name,
    ended.value,
    ended.message,
    ended.delivery_no,
    ended.record,
    ended.line,
    ended.first_day,
    ended.last_day,
    ended.opened_in,
    ended.from_refresh,
    ended.to_refresh
from quality.findings as ended
where ended.to_refresh is not null
