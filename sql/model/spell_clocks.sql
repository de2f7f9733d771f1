-- grain: one spell of a counted case under one limit, over the days on which that limit governs it
-- docs/clocks.md, rules 7 to 12. Most spells are simple: nothing changed their clock or extended it, and what is deducted begins
-- inside the limit, so that all of it counts, or is one stop. The others are reckoned step by step: the base, and the lawful
-- limit with none, one, two … of the extensions granted; deductions move each of them, one after the other; then the
-- extensions granted in time are told.
with touched as (
    -- the spells that something happened to; all else is joined to them once, for most spells have nothing of it
    select
        told.spell_no,
        cast(sum(told.days) as integer) as stopped_days,
        cast(count(told.stopped_on) as integer) as stops,
        min(told.stopped_on) as stopped_from,
        max(told.stopped_on) as stopped_last_from,
        max(told.is_extended) as is_extended,
        max(told.is_changed) as is_changed
    from (
        select
            stops.spell_no,
            date_diff('day', stops.first_on, stops.last_on) + 1 as days,
            stops.first_on as stopped_on,
            0 as is_extended,
            0 as is_changed
        from model.clock_stops as stops
        union all
        select
            events.spell_no,
            cast(null as bigint) as days,
            cast(null as date) as stopped_on,
            1 as is_extended,
            0 as is_changed
        from model.spell_events as events
        where events.kind = 'extension'
        union all
        select
            changed.spell_no,
            cast(null as bigint) as days,
            cast(null as date) as stopped_on,
            0 as is_extended,
            1 as is_changed
        from model.clock_spans as changed
    ) as told
    group by told.spell_no
),

receipts as (
    select
        decisions.case_key,
        min(decisions.received_on) as received_on
    from model.registration_decisions as decisions
    where decisions.case_key is not null
    group by decisions.case_key
),

spans as (
    -- with what the limit is: without approval, by the second figure of the statute where it holds, and at the longest
    select
        known.spell_no,
        known.opened_on,
        known.until_on,
        known.scenario,
        known.next_change_on,
        known.begins_on,
        known.ends_before,
        known.governs_from,
        known.governs_until,
        known.law_no,
        known.day_zero,
        known.moves,
        law.base_months,
        law.base_days,
        case when known.hard_holds then coalesce(law.hard_months, law.base_months) else law.base_months end as lawful_months,
        case when known.hard_holds then coalesce(law.hard_days, law.base_days) else law.base_days end as lawful_days,
        law.longest_months,
        law.longest_days,
        touched.stopped_days,
        touched.stops,
        touched.stopped_from,
        touched.stopped_last_from,
        touched.is_extended,
        true as is_changed
    from model.clock_spans as known
    inner join touched on known.spell_no = touched.spell_no
    left join model.law as law on known.law_no = law.law_no
    union all
    -- the others: one clock, cut where the law changes
    select
        spells.spell_no,
        spells.opened_on,
        coalesce(spells.closed_on, $counting_day) as until_on,
        0 as scenario,
        cast(null as date) as next_change_on,
        spells.opened_on as begins_on,
        cast(null as date) as ends_before,
        case when law.selector = 'P' then greatest(spells.opened_on, law.effective_from) else spells.opened_on end as governs_from,
        case when law.selector = 'P' then law.effective_to + 1 end as governs_until,
        law.law_no,
        case
            when law.day_zero = 'received' and spells.opened_as = 'filed' then coalesce(receipts.received_on, spells.opened_on)
            else spells.opened_on
        end as day_zero,
        law.moves_off_holidays as moves,
        law.base_months,
        law.base_days,
        case when law.hard_when is null then coalesce(law.hard_months, law.base_months) else law.base_months end as lawful_months,
        case when law.hard_when is null then coalesce(law.hard_days, law.base_days) else law.base_days end as lawful_days,
        law.longest_months,
        law.longest_days,
        touched.stopped_days,
        touched.stops,
        touched.stopped_from,
        touched.stopped_last_from,
        coalesce(touched.is_extended, 0) as is_extended,
        false as is_changed
    from model.case_spells as spells
    left join touched on spells.spell_no = touched.spell_no
    left join model.usual_proceedings as usual
        on spells.counts_as = usual.counts_as
        and coalesce(spells.type_code, 'none') = usual.type_code
        and coalesce(spells.is_private_prosecution, false) = usual.is_private_prosecution
        and coalesce(spells.procedure, 'none') = usual.procedure
    left join model.law as law on usual.proceeding = law.proceeding
    left join receipts
        on spells.case_key = receipts.case_key
        and law.day_zero = 'received'
    where coalesce(touched.is_changed, 0) = 0
        and spells.opened_on <= $counting_day
        and case
            when law.selector = 'P'
                then law.effective_from <= coalesce(spells.closed_on, $counting_day)
                    and (law.effective_to is null or law.effective_to >= spells.opened_on)
            when law.selector = 'F'
                then law.effective_from <= spells.opened_on
                    and (law.effective_to is null or law.effective_to >= spells.opened_on)
            else true
        end
),

measured as (
    select
        spans.spell_no,
        spans.opened_on,
        spans.until_on,
        spans.scenario,
        spans.next_change_on,
        spans.begins_on,
        spans.ends_before,
        spans.governs_from,
        spans.governs_until,
        spans.law_no,
        spans.day_zero,
        spans.moves,
        coalesce(spans.base_months, spans.base_days) is not null as has_limit,
        cast(
            spans.day_zero + coalesce(spans.base_months, 0) * interval '1' month
            + coalesce(spans.base_days, 0) * interval '1' day
            as date
        ) as base_ends_on,
        cast(
            spans.day_zero + coalesce(spans.lawful_months, 0) * interval '1' month
            + coalesce(spans.lawful_days, 0) * interval '1' day
            as date
        ) as lawful_ends_on,
        spans.lawful_months,
        spans.lawful_days,
        spans.longest_months,
        spans.longest_days,
        spans.stopped_days,
        spans.stops,
        spans.stopped_from,
        spans.stopped_last_from,
        spans.is_extended = 1 as is_extended,
        spans.is_changed
    from spans
),

told_apart as (
    select
        measured.spell_no,
        measured.opened_on,
        measured.until_on,
        measured.scenario,
        measured.next_change_on,
        measured.begins_on,
        measured.ends_before,
        measured.governs_from,
        measured.governs_until,
        measured.law_no,
        measured.day_zero,
        measured.moves,
        measured.has_limit,
        measured.base_ends_on,
        measured.lawful_ends_on,
        measured.lawful_months,
        measured.lawful_days,
        measured.longest_months,
        measured.longest_days,
        coalesce(measured.stopped_days, 0) as stopped_days,
        measured.stopped_from,
        measured.is_extended,
        measured.stopped_days is null
        or (
            measured.day_zero = measured.opened_on
            and measured.stopped_from > measured.opened_on
            and measured.stopped_last_from <= measured.base_ends_on
        ) as all_counts,
        measured.is_changed
        or measured.is_extended
        or not (
            measured.stopped_days is null
            or (
                measured.day_zero = measured.opened_on
                and measured.stopped_from > measured.opened_on
                and (measured.stops = 1 or measured.stopped_last_from <= measured.base_ends_on)
            )
        ) as is_stepwise
    from measured
),

-- the simple ones

plain as (
    select
        told.spell_no,
        told.governs_from,
        told.governs_until,
        told.until_on >= told.governs_from and (told.governs_until is null or told.until_on < told.governs_until) as is_last,
        told.law_no,
        told.day_zero,
        told.moves,
        told.has_limit,
        told.base_ends_on,
        told.lawful_ends_on,
        told.stopped_days,
        -- of one stop that begins after the base: whether it begins after what the limit is moved to
        case when told.all_counts then cast(null as date) else told.stopped_from end as late_from
    from told_apart as told
    where not told.is_stepwise
),

deducted as (
    select
        plain.spell_no,
        plain.governs_from,
        plain.governs_until,
        plain.is_last,
        plain.law_no,
        plain.day_zero,
        plain.moves,
        plain.has_limit,
        plain.base_ends_on,
        plain.lawful_ends_on,
        case
            when plain.late_from > case when plain.moves then base.next_working_day else plain.base_ends_on end then 0
            else plain.stopped_days
        end as base_days,
        case
            when plain.late_from > case when plain.moves then lawful.next_working_day else plain.lawful_ends_on end then 0
            else plain.stopped_days
        end as lawful_days
    from plain
    left join model.working_days as base on case when plain.late_from is not null then plain.base_ends_on end = base.day
    left join model.working_days as lawful on case when plain.late_from is not null then plain.lawful_ends_on end = lawful.day
),

simple as (
    select
        deducted.spell_no,
        deducted.governs_from,
        deducted.governs_until,
        deducted.is_last,
        deducted.law_no,
        deducted.day_zero,
        case
            when not deducted.has_limit then cast(null as date)
            when deducted.moves then base.next_working_day
            else deducted.base_ends_on + deducted.base_days
        end as base_due_on,
        case
            when not deducted.has_limit then cast(null as date)
            when deducted.moves then lawful.next_working_day
            else deducted.lawful_ends_on + deducted.lawful_days
        end as lawful_due_on,
        case when deducted.has_limit then deducted.base_days else 0 end as base_deducted_days,
        case when deducted.has_limit then deducted.lawful_days else 0 end as deducted_days,
        0 as extended_months,
        0 as extended_days,
        0 as late_extensions
    from deducted
    left join model.working_days as base on deducted.base_ends_on + deducted.base_days = base.day
    left join model.working_days as lawful on deducted.lawful_ends_on + deducted.lawful_days = lawful.day
),

-- the others, step by step

stepwise as (
    -- numbered: a number is a shorter key than a spell, a scenario and a day
    select
        row_number() over () as span_no,
        told.spell_no,
        told.opened_on,
        told.until_on,
        told.scenario,
        told.next_change_on,
        told.begins_on,
        told.ends_before,
        told.governs_from,
        told.governs_until,
        told.law_no,
        told.day_zero,
        told.moves,
        told.has_limit,
        told.base_ends_on,
        told.lawful_months,
        told.lawful_days,
        told.longest_months,
        told.longest_days,
        told.stopped_days,
        told.all_counts,
        -- then one reckoning serves both
        told.lawful_ends_on = told.base_ends_on and not told.is_extended as is_base_lawful
    from told_apart as told
    where told.is_stepwise
),

extensions as (
    select
        spans.span_no,
        events.approved_on,
        coalesce(events.extended_months, 0) as months,
        coalesce(events.extended_days, 0) as days,
        row_number() over (partition by spans.span_no order by events.approved_on, events.event_key) as step
    from model.spell_events as events
    inner join stepwise as spans on events.spell_no = spans.spell_no
    where events.kind = 'extension'
        and spans.has_limit
        and events.approved_on <= spans.until_on
        and (events.approved_on > spans.begins_on or (events.approved_on = spans.begins_on and spans.begins_on = spans.opened_on))
        and (spans.ends_before is null or events.approved_on <= spans.ends_before)
),

steps as (
    -- 0: before any extension; 1, 2 …: with so many of them
    select
        spans.span_no,
        0 as step,
        cast(null as date) as approved_on,
        0 as months,
        0 as days
    from stepwise as spans
    where spans.has_limit
        and not spans.is_base_lawful
    union all
    select
        extensions.span_no,
        extensions.step,
        extensions.approved_on,
        sum(extensions.months) over (
            partition by extensions.span_no order by extensions.step rows between unbounded preceding and current row
        ) as months,
        sum(extensions.days) over (
            partition by extensions.span_no order by extensions.step rows between unbounded preceding and current row
        ) as days
    from extensions
),

limits as (
    -- step -1: the base
    select
        spans.span_no,
        -1 as step,
        cast(null as date) as approved_on,
        0 as months,
        0 as days,
        spans.moves,
        spans.base_ends_on as ends_on,
        case when spans.all_counts then spans.stopped_days end as all_days
    from stepwise as spans
    where spans.has_limit
    union all
    select
        spans.span_no,
        cast(steps.step as integer) as step,
        steps.approved_on,
        cast(steps.months as integer) as months,
        cast(steps.days as integer) as days,
        spans.moves,
        least(
            cast(
                spans.day_zero
                + cast(coalesce(spans.lawful_months, 0) + steps.months as integer) * interval '1' month
                + cast(coalesce(spans.lawful_days, 0) + steps.days as integer) * interval '1' day
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
        ) as ends_on,
        case when spans.all_counts then spans.stopped_days end as all_days
    from stepwise as spans
    inner join steps on spans.span_no = steps.span_no
),

-- deductions that do not all begin inside the base, in their order

pieces as (
    select
        spans.span_no,
        greatest(stops.first_on, spans.day_zero + 1) as first_on,
        stops.last_on,
        stops.goes_on
    from stepwise as spans
    inner join model.clock_stops as stops
        on spans.spell_no = stops.spell_no
        and stops.last_on > spans.day_zero
    where spans.has_limit
        and not spans.all_counts
),

numbered as (
    select
        pieces.span_no,
        pieces.first_on,
        pieces.last_on,
        sum(case when pieces.goes_on then 0 else 1 end) over (
            partition by pieces.span_no order by pieces.first_on rows between unbounded preceding and current row
        ) as run_no
    from pieces
),

runs as (
    -- unbroken ones: pieces that touch are one
    select
        numbered.span_no,
        min(numbered.first_on) as first_on,
        date_diff('day', min(numbered.first_on), max(numbered.last_on)) + 1 as days
    from numbered
    group by
        numbered.span_no,
        numbered.run_no
),

ordered as (
    select
        runs.span_no,
        runs.first_on,
        runs.days,
        cast(coalesce(sum(runs.days) over (
            partition by runs.span_no order by runs.first_on rows between unbounded preceding and 1 preceding
        ), 0) as integer) as days_before
    from runs
),

failing as (
    -- the first run of a reckoning that begins too late; it and all after it move nothing
    select
        limits.span_no,
        limits.step,
        min(ordered.days_before) as days
    from limits
    inner join ordered on limits.span_no = ordered.span_no
    left join model.working_days as working on limits.ends_on + ordered.days_before = working.day
    where ordered.first_on > case when limits.moves then working.next_working_day else limits.ends_on + ordered.days_before end
    group by
        limits.span_no,
        limits.step
),

totals as (
    select
        runs.span_no,
        cast(sum(runs.days) as integer) as days
    from runs
    group by runs.span_no
),

moved as (
    select
        limits.span_no,
        limits.step,
        limits.approved_on,
        limits.months,
        limits.days,
        limits.moves,
        limits.ends_on,
        coalesce(limits.all_days, failing.days, totals.days, 0) as deducted_days
    from limits
    left join totals on limits.span_no = totals.span_no
    left join failing
        on limits.span_no = failing.span_no
        and limits.step = failing.step
),

reckoned as (
    select
        moved.span_no,
        moved.step,
        moved.approved_on,
        moved.months,
        moved.days,
        moved.deducted_days,
        case when moved.moves then working.next_working_day else moved.ends_on + moved.deducted_days end as due_on
    from moved
    left join model.working_days as working on moved.ends_on + moved.deducted_days = working.day
),

-- extensions, each against the due date with those before it

granted as (
    select
        judged.span_no,
        cast(count(*) as integer) as steps,
        cast(coalesce(min(case when judged.is_too_late then judged.step end) - 1, count(*)) as integer) as in_time
    from (
        select
            reckoned.span_no,
            reckoned.step,
            reckoned.approved_on > lag(reckoned.due_on) over (partition by reckoned.span_no order by reckoned.step) as is_too_late
        from reckoned
        inner join (select distinct extensions.span_no from extensions) as extended on reckoned.span_no = extended.span_no
        where reckoned.step >= 0
    ) as judged
    where judged.step > 0
    group by judged.span_no
),

judged_spans as (
    select
        spans.spell_no,
        spans.scenario,
        spans.next_change_on,
        spans.governs_from,
        spans.governs_until,
        spans.until_on >= spans.governs_from and (spans.governs_until is null or spans.until_on < spans.governs_until) as is_last,
        spans.law_no,
        spans.day_zero,
        base.due_on as base_due_on,
        lawful.due_on as lawful_due_on,
        coalesce(base.deducted_days, 0) as base_deducted_days,
        coalesce(lawful.deducted_days, 0) as deducted_days,
        coalesce(lawful.months, 0) as extended_months,
        coalesce(lawful.days, 0) as extended_days,
        coalesce(granted.steps - granted.in_time, 0) as late_extensions
    from stepwise as spans
    left join granted on spans.span_no = granted.span_no
    left join reckoned as base
        on spans.span_no = base.span_no
        and base.step = -1
    left join reckoned as lawful
        on spans.span_no = lawful.span_no
        and lawful.step = case when spans.is_base_lawful then -1 else coalesce(granted.in_time, 0) end
),

-- the scenario that holds: all changes up to the first that came too late

tried as (
    -- the spells that have several: each of their rows is of a later scenario, or names the change that it leaves out
    select
        judged_spans.spell_no,
        coalesce(
            min(case
                when judged_spans.next_change_on >= judged_spans.governs_from
                    and (judged_spans.governs_until is null or judged_spans.next_change_on < judged_spans.governs_until)
                    and judged_spans.next_change_on > judged_spans.lawful_due_on
                    then judged_spans.scenario
            end),
            max(judged_spans.scenario)
        ) as scenario
    from judged_spans
    where judged_spans.scenario > 0
        or judged_spans.next_change_on is not null
    group by judged_spans.spell_no
)

select
    simple.spell_no,
    simple.governs_from,
    simple.governs_until,
    simple.is_last,
    simple.law_no,
    simple.day_zero,
    simple.base_due_on,
    simple.lawful_due_on,
    simple.base_deducted_days,
    simple.deducted_days,
    simple.extended_months,
    simple.extended_days,
    simple.late_extensions
from simple
union all
select
    judged_spans.spell_no,
    judged_spans.governs_from,
    judged_spans.governs_until,
    judged_spans.is_last,
    judged_spans.law_no,
    judged_spans.day_zero,
    judged_spans.base_due_on,
    judged_spans.lawful_due_on,
    judged_spans.base_deducted_days,
    judged_spans.deducted_days,
    judged_spans.extended_months,
    judged_spans.extended_days,
    judged_spans.late_extensions
from judged_spans
left join tried on judged_spans.spell_no = tried.spell_no
where tried.spell_no is null
    or judged_spans.scenario = tried.scenario
