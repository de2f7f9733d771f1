-- grain: one spell of a counted case under one limit, over the days on which that limit governs it
-- docs/clocks.md, rules 7 to 12. A reckoning is a limit in months and days: the base, and the lawful limit with none, one,
-- two … of the extensions granted. Deductions move each of them; then the extensions granted in time are told.
with extensions as (
    select
        spans.case_key,
        spans.opened_on,
        spans.scenario,
        spans.governs_from,
        events.approved_on,
        coalesce(events.extended_months, 0) as months,
        coalesce(events.extended_days, 0) as days,
        row_number() over (
            partition by spans.case_key, spans.opened_on, spans.scenario, spans.governs_from
            order by events.approved_on, events.event_key
        ) as step
    from model.clock_events as events
    inner join model.clock_spans as spans on events.case_key = spans.case_key
    inner join model.cases as cases on events.case_key = cases.case_key
    inner join model.clock_reasons as reasons
        on events.kind = reasons.kind
        and events.reason = reasons.reason
        and (reasons.family is null or reasons.family = cases.family)
    where events.kind = 'extension'
        and events.approved_on <= spans.until_on
        and (events.approved_on > spans.begins_on or (events.approved_on = spans.begins_on and spans.begins_on = spans.opened_on))
        and (spans.ends_before is null or events.approved_on <= spans.ends_before)
),

steps as (
    select
        extensions.case_key,
        extensions.opened_on,
        extensions.scenario,
        extensions.governs_from,
        extensions.step,
        extensions.approved_on,
        sum(extensions.months) over (
            partition by extensions.case_key, extensions.opened_on, extensions.scenario, extensions.governs_from
            order by extensions.step rows between unbounded preceding and current row
        ) as months,
        sum(extensions.days) over (
            partition by extensions.case_key, extensions.opened_on, extensions.scenario, extensions.governs_from
            order by extensions.step rows between unbounded preceding and current row
        ) as days
    from extensions
),

limits as (
    -- step -1: the base; 0: the lawful limit before any extension
    select
        spans.case_key,
        spans.opened_on,
        spans.scenario,
        spans.governs_from,
        -1 as step,
        cast(null as date) as approved_on,
        0 as months,
        0 as days,
        spans.day_zero,
        spans.moves,
        cast(
            spans.day_zero + coalesce(spans.base_months, 0) * interval '1' month + coalesce(spans.base_days, 0) * interval '1' day
            as date
        ) as ends_on
    from model.clock_spans as spans
    where coalesce(spans.base_months, spans.base_days) is not null
    union all
    select
        spans.case_key,
        spans.opened_on,
        spans.scenario,
        spans.governs_from,
        coalesce(steps.step, 0) as step,
        steps.approved_on,
        coalesce(steps.months, 0) as months,
        coalesce(steps.days, 0) as days,
        spans.day_zero,
        spans.moves,
        least(
            cast(
                spans.day_zero + (coalesce(spans.lawful_months, 0) + coalesce(steps.months, 0)) * interval '1' month
                + (coalesce(spans.lawful_days, 0) + coalesce(steps.days, 0)) * interval '1' day
                as date
            ),
            case
                when coalesce(spans.longest_months, spans.longest_days) is null then date '9999-12-31'
                else cast(
                    spans.day_zero + coalesce(spans.longest_months, 0) * interval '1' month
                    + coalesce(spans.longest_days, 0) * interval '1' day
                    as date
                )
            end
        ) as ends_on
    from model.clock_spans as spans
    left join (
        select steps.case_key, steps.opened_on, steps.scenario, steps.governs_from, steps.step, steps.approved_on,
            steps.months, steps.days
        from steps
        union all
        select distinct steps.case_key, steps.opened_on, steps.scenario, steps.governs_from, 0 as step,
            cast(null as date) as approved_on, 0 as months, 0 as days
        from steps
    ) as steps
        on spans.case_key = steps.case_key
        and spans.opened_on = steps.opened_on
        and spans.scenario = steps.scenario
        and spans.governs_from = steps.governs_from
    where coalesce(spans.base_months, spans.base_days) is not null
),

-- deductions, in their order

stopped as (
    select
        limits.case_key,
        limits.opened_on,
        limits.scenario,
        limits.governs_from,
        limits.step,
        limits.ends_on,
        limits.moves,
        greatest(stops.first_on, limits.day_zero + 1) as first_on,
        date_diff('day', greatest(stops.first_on, limits.day_zero + 1), stops.last_on) + 1 as days,
        coalesce(sum(date_diff('day', greatest(stops.first_on, limits.day_zero + 1), stops.last_on) + 1) over (
            partition by limits.case_key, limits.opened_on, limits.scenario, limits.governs_from, limits.step
            order by stops.first_on rows between unbounded preceding and 1 preceding
        ), 0) as days_before
    from limits
    inner join model.clock_stops as stops
        on limits.case_key = stops.case_key
        and limits.opened_on = stops.opened_on
        and stops.last_on > limits.day_zero
),

timely as (
    select
        stopped.case_key,
        stopped.opened_on,
        stopped.scenario,
        stopped.governs_from,
        stopped.step,
        stopped.days,
        max(case
            when stopped.first_on > case
                when stopped.moves then working.next_working_day
                else cast(stopped.ends_on + cast(stopped.days_before as integer) as date)
            end then 1
            else 0
        end) over (
            partition by stopped.case_key, stopped.opened_on, stopped.scenario, stopped.governs_from, stopped.step
            order by stopped.first_on rows between unbounded preceding and current row
        ) as is_too_late
    from stopped
    left join model.working_days as working on stopped.ends_on + cast(stopped.days_before as integer) = working.day
),

deducted as (
    select
        timely.case_key,
        timely.opened_on,
        timely.scenario,
        timely.governs_from,
        timely.step,
        cast(sum(case when timely.is_too_late = 0 then timely.days else 0 end) as integer) as days
    from timely
    group by
        timely.case_key,
        timely.opened_on,
        timely.scenario,
        timely.governs_from,
        timely.step
),

reckoned as (
    select
        limits.case_key,
        limits.opened_on,
        limits.scenario,
        limits.governs_from,
        limits.step,
        limits.approved_on,
        limits.months,
        limits.days,
        coalesce(deducted.days, 0) as deducted_days,
        case
            when limits.moves then working.next_working_day
            else limits.ends_on + coalesce(deducted.days, 0)
        end as due_on
    from limits
    left join deducted
        on limits.case_key = deducted.case_key
        and limits.opened_on = deducted.opened_on
        and limits.scenario = deducted.scenario
        and limits.governs_from = deducted.governs_from
        and limits.step = deducted.step
    left join model.working_days as working on limits.ends_on + coalesce(deducted.days, 0) = working.day
),

-- extensions, each against the due date with those before it

granted as (
    select
        reckoned.case_key,
        reckoned.opened_on,
        reckoned.scenario,
        reckoned.governs_from,
        count(*) as steps,
        sum(case when judged.is_too_late = 0 then 1 else 0 end) as in_time
    from reckoned
    inner join (
        select
            later.case_key,
            later.opened_on,
            later.scenario,
            later.governs_from,
            later.step,
            max(case when later.approved_on > earlier.due_on then 1 else 0 end) over (
                partition by later.case_key, later.opened_on, later.scenario, later.governs_from
                order by later.step rows between unbounded preceding and current row
            ) as is_too_late
        from reckoned as later
        inner join reckoned as earlier
            on later.case_key = earlier.case_key
            and later.opened_on = earlier.opened_on
            and later.scenario = earlier.scenario
            and later.governs_from = earlier.governs_from
            and later.step = earlier.step + 1
        where later.step > 0
    ) as judged
        on reckoned.case_key = judged.case_key
        and reckoned.opened_on = judged.opened_on
        and reckoned.scenario = judged.scenario
        and reckoned.governs_from = judged.governs_from
        and reckoned.step = judged.step
    group by
        reckoned.case_key,
        reckoned.opened_on,
        reckoned.scenario,
        reckoned.governs_from
),

judged_spans as (
    select
        spans.case_key,
        spans.opened_on,
        spans.closed_on,
        spans.scenario,
        spans.next_change_on,
        spans.governs_from,
        spans.governs_until,
        spans.is_last,
        spans.limit_id,
        spans.proceeding,
        spans.effective_from,
        spans.day_zero,
        base.due_on as base_due_on,
        lawful.due_on as lawful_due_on,
        coalesce(base.deducted_days, 0) as base_deducted_days,
        coalesce(lawful.deducted_days, 0) as deducted_days,
        cast(coalesce(lawful.months, 0) as integer) as extended_months,
        cast(coalesce(lawful.days, 0) as integer) as extended_days,
        cast(coalesce(granted.steps - granted.in_time, 0) as integer) as late_extensions
    from model.clock_spans as spans
    left join granted
        on spans.case_key = granted.case_key
        and spans.opened_on = granted.opened_on
        and spans.scenario = granted.scenario
        and spans.governs_from = granted.governs_from
    left join reckoned as base
        on spans.case_key = base.case_key
        and spans.opened_on = base.opened_on
        and spans.scenario = base.scenario
        and spans.governs_from = base.governs_from
        and base.step = -1
    left join reckoned as lawful
        on spans.case_key = lawful.case_key
        and spans.opened_on = lawful.opened_on
        and spans.scenario = lawful.scenario
        and spans.governs_from = lawful.governs_from
        and lawful.step = coalesce(granted.in_time, 0)
),

-- the scenario that holds: all changes up to the first that came too late

late_changes as (
    select
        judged_spans.case_key,
        judged_spans.opened_on,
        min(judged_spans.scenario) as scenario
    from judged_spans
    where judged_spans.next_change_on is not null
        and judged_spans.next_change_on >= judged_spans.governs_from
        and (judged_spans.governs_until is null or judged_spans.next_change_on < judged_spans.governs_until)
        and judged_spans.next_change_on > judged_spans.lawful_due_on
    group by
        judged_spans.case_key,
        judged_spans.opened_on
),

all_changes as (
    select
        judged_spans.case_key,
        judged_spans.opened_on,
        max(judged_spans.scenario) as scenario
    from judged_spans
    group by
        judged_spans.case_key,
        judged_spans.opened_on
)

select
    judged_spans.case_key,
    judged_spans.opened_on,
    judged_spans.closed_on,
    judged_spans.governs_from,
    judged_spans.governs_until,
    judged_spans.is_last,
    judged_spans.limit_id,
    judged_spans.proceeding,
    judged_spans.effective_from,
    judged_spans.day_zero,
    judged_spans.base_due_on,
    judged_spans.lawful_due_on,
    judged_spans.base_deducted_days,
    judged_spans.deducted_days,
    judged_spans.extended_months,
    judged_spans.extended_days,
    judged_spans.late_extensions,
    judged_spans.closed_on <= judged_spans.base_due_on as is_within_base,
    judged_spans.closed_on <= judged_spans.lawful_due_on as is_within_lawful
from judged_spans
inner join all_changes
    on judged_spans.case_key = all_changes.case_key
    and judged_spans.opened_on = all_changes.opened_on
left join late_changes
    on judged_spans.case_key = late_changes.case_key
    and judged_spans.opened_on = late_changes.opened_on
where judged_spans.scenario = coalesce(late_changes.scenario, all_changes.scenario)
