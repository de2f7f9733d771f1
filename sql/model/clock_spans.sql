-- grain: one limit and the days on which it governs a spell, in one scenario; of spells whose clock was changed
-- docs/clocks.md, rules 1 to 6. A change of procedure that must come in time counts or not, which depends on the due date of
-- the clock before it: scenario n is the spell with its first n such changes, and model.case_clocks picks the one that holds.
with kinds_from_notice as (
    select distinct
        proceedings.counts_as,
        proceedings.type_code
    from model.proceedings as proceedings
    inner join model.statutory_limits as limits on proceedings.proceeding = limits.proceeding
    where limits.day_zero = 'notice'
),

events as (
    select
        told.spell_no,
        told.event_key,
        told.kind,
        told.reason,
        told.from_on,
        told.former_procedure
    from model.spell_events as told
    where told.kind <> 'extension'
),

announced as (
    -- the public notices of spells whose clock runs from the end of one
    select
        spells.spell_no,
        notices.from_on,
        notices.to_on
    from model.clock_events as notices
    inner join model.case_spells as spells on notices.case_key = spells.case_key
    inner join kinds_from_notice
        on spells.counts_as = kinds_from_notice.counts_as
        and (kinds_from_notice.type_code is null or spells.type_code = kinds_from_notice.type_code)
    inner join model.clock_reasons as reasons
        on notices.kind = reasons.kind
        and notices.reason = reasons.reason
        and (reasons.family is null or reasons.family = spells.family)
    where notices.kind = 'deduction'
        and notices.reason = 'public_notice'
        and spells.opened_on <= $counting_day
),

touched as (
    select events.spell_no
    from events
    union
    select announced.spell_no
    from announced
),

subjects as (
    -- the spells that something happened to
    select
        spells.spell_no,
        spells.opened_on,
        spells.opened_as,
        coalesce(spells.closed_on, $counting_day) as until_on,
        spells.family,
        spells.counts_as,
        coalesce(spells.type_code, 'none') as type_code,
        coalesce(spells.procedure, 'none') as procedure,
        coalesce(spells.is_private_prosecution, false) as is_private_prosecution,
        spells.case_key
    from touched
    inner join model.case_spells as spells on touched.spell_no = spells.spell_no
),

circumstances as (
    select distinct
        events.spell_no,
        events.reason as circumstance
    from events
    where events.kind = 'circumstance'
),

notices as (
    select
        subjects.spell_no,
        max(coalesce(announced.to_on, subjects.until_on)) as ended_on
    from announced
    inner join subjects on announced.spell_no = subjects.spell_no
    where announced.from_on <= subjects.until_on
        and coalesce(announced.to_on, subjects.until_on) > subjects.opened_on
    group by subjects.spell_no
),

receipts as (
    select
        decisions.case_key,
        min(decisions.received_on) as received_on
    from model.registration_decisions as decisions
    where decisions.case_key is not null
    group by decisions.case_key
),

-- what makes another clock begin

turns as (
    select
        subjects.spell_no,
        subjects.opened_on,
        events.from_on as begins_on,
        events.kind,
        case when events.kind = 'procedure_change' then events.reason end as procedure,
        events.former_procedure,
        row_number() over (
            partition by subjects.spell_no order by events.from_on, events.event_key
        ) as turn_no
    from events
    inner join subjects on events.spell_no = subjects.spell_no
    where events.kind in ('procedure_change', 'restart')
        and events.from_on > subjects.opened_on
        and events.from_on <= subjects.until_on
),

changes as (
    -- also those after the spell: what was changed then had not been before
    select
        subjects.spell_no,
        events.former_procedure,
        row_number() over (
            partition by subjects.spell_no order by events.from_on, events.event_key
        ) as place
    from events
    inner join subjects on events.spell_no = subjects.spell_no
    where events.kind = 'procedure_change'
        and events.from_on > subjects.opened_on
),

beginnings as (
    select
        subjects.spell_no,
        coalesce(changes.former_procedure, subjects.procedure) as procedure
    from subjects
    left join changes
        on subjects.spell_no = changes.spell_no
        and changes.place = 1
),

-- the proceeding, told by what the case is and by the procedure of the clock

unusual as (
    -- of the cases with circumstances, for each procedure that there is
    select
        ranked.spell_no,
        ranked.procedure,
        ranked.proceeding
    from (
        select
            subjects.spell_no,
            usual.procedure,
            proceedings.proceeding,
            row_number() over (
                partition by subjects.spell_no, usual.procedure order by proceedings.names desc, proceedings.proceeding
            ) as place
        from (select distinct circumstances.spell_no from circumstances) as told
        inner join subjects on told.spell_no = subjects.spell_no
        inner join (select distinct kinds.procedure from model.usual_proceedings as kinds) as usual on true
        inner join model.proceedings as proceedings
            on subjects.counts_as = proceedings.counts_as
            and (proceedings.type_code is null or proceedings.type_code = subjects.type_code)
            and (proceedings.procedure is null or proceedings.procedure = usual.procedure)
            and (
                proceedings.is_private_prosecution is null
                or proceedings.is_private_prosecution = subjects.is_private_prosecution
            )
        left join circumstances
            on subjects.spell_no = circumstances.spell_no
            and proceedings.circumstance = circumstances.circumstance
        where proceedings.circumstance is null
            or circumstances.spell_no is not null
    ) as ranked
    where ranked.place = 1
),

marked as (
    select
        turns.spell_no,
        turns.opened_on,
        turns.turn_no,
        turns.begins_on,
        turns.procedure,
        turns.kind = 'procedure_change' and coalesce(conversions.conversion, 'continues') = 'in_time' as must_be_in_time,
        turns.kind = 'restart' or coalesce(conversions.conversion, 'continues') = 'restarts' as starts_anew,
        sum(
            case
                when turns.kind = 'procedure_change' and coalesce(conversions.conversion, 'continues') = 'in_time' then 1
                else 0
            end
        ) over (
            partition by turns.spell_no order by turns.turn_no
            rows between unbounded preceding and current row
        ) as in_time_no
    from turns
    inner join subjects on turns.spell_no = subjects.spell_no
    left join model.usual_proceedings as usual
        on subjects.counts_as = usual.counts_as
        and subjects.type_code = usual.type_code
        and subjects.is_private_prosecution = usual.is_private_prosecution
        and turns.procedure = usual.procedure
    left join unusual
        on turns.spell_no = unusual.spell_no
        and turns.procedure = unusual.procedure
    left join model.statutory_limits as conversions
        on coalesce(unusual.proceeding, usual.proceeding) = conversions.proceeding
        and case when conversions.selector = 'P' then turns.begins_on else turns.opened_on end >= conversions.effective_from
        and (
            conversions.effective_to is null
            or case when conversions.selector = 'P' then turns.begins_on else turns.opened_on end <= conversions.effective_to
        )
),

-- the scenarios

scenarios as (
    select
        marked.spell_no,
        marked.opened_on,
        0 as scenario
    from marked
    group by
        marked.spell_no,
        marked.opened_on
    union all
    select
        marked.spell_no,
        marked.opened_on,
        cast(marked.in_time_no as integer) as scenario
    from marked
    where marked.must_be_in_time
),

turned as (
    -- the clocks of the spells that have more than one
    select
        scenarios.spell_no,
        scenarios.scenario,
        marked.turn_no,
        marked.begins_on,
        marked.procedure,
        marked.starts_anew
    from scenarios
    inner join marked
        on scenarios.spell_no = marked.spell_no
        and (not marked.must_be_in_time or marked.in_time_no <= scenarios.scenario)
    union all
    select
        scenarios.spell_no,
        scenarios.scenario,
        0 as turn_no,
        scenarios.opened_on as begins_on,
        beginnings.procedure,
        false as starts_anew
    from scenarios
    inner join beginnings on scenarios.spell_no = beginnings.spell_no
),

in_order as (
    select
        turned.spell_no,
        turned.scenario,
        turned.turn_no,
        turned.begins_on,
        turned.procedure,
        lead(turned.begins_on) over (
            partition by turned.spell_no, turned.scenario order by turned.turn_no
        ) as ends_before,
        max(case when turned.starts_anew then turned.begins_on end) over (
            partition by turned.spell_no, turned.scenario order by turned.turn_no
            rows between unbounded preceding and current row
        ) as anew_on,
        sum(case when turned.procedure is null then 0 else 1 end) over (
            partition by turned.spell_no, turned.scenario order by turned.turn_no
            rows between unbounded preceding and current row
        ) as procedure_no
    from turned
),

clocks as (
    select
        subjects.spell_no,
        0 as scenario,
        subjects.opened_on as begins_on,
        cast(null as date) as ends_before,
        cast(null as date) as anew_on,
        cast(null as date) as next_change_on,
        beginnings.procedure
    from subjects
    inner join beginnings on subjects.spell_no = beginnings.spell_no
    left join scenarios on subjects.spell_no = scenarios.spell_no
    where scenarios.spell_no is null
    union all
    select
        in_order.spell_no,
        in_order.scenario,
        in_order.begins_on,
        in_order.ends_before,
        in_order.anew_on,
        following.begins_on as next_change_on,
        max(in_order.procedure) over (
            partition by in_order.spell_no, in_order.scenario, in_order.procedure_no
        ) as procedure
    from in_order
    left join marked as following
        on in_order.spell_no = following.spell_no
        and following.must_be_in_time
        and following.in_time_no = in_order.scenario + 1
),

-- the limits that govern them

governed as (
    select
        clocks.spell_no,
        subjects.opened_on,
        subjects.until_on,
        clocks.scenario,
        clocks.next_change_on,
        clocks.begins_on,
        clocks.ends_before,
        limits.law_no,
        case when limits.selector = 'P' then greatest(clocks.begins_on, limits.effective_from) else clocks.begins_on end
            as governs_from,
        case
            when limits.selector = 'P'
                then least(coalesce(clocks.ends_before, date '9999-12-31'), coalesce(limits.effective_to + 1, date '9999-12-31'))
            else coalesce(clocks.ends_before, date '9999-12-31')
        end as governs_before,
        case
            when limits.day_zero = 'notice' then coalesce(notices.ended_on, clocks.anew_on, subjects.opened_on)
            when clocks.anew_on is not null then clocks.anew_on
            when limits.day_zero = 'received' and subjects.opened_as = 'filed'
                then coalesce(receipts.received_on, subjects.opened_on)
            else subjects.opened_on
        end as day_zero,
        coalesce(limits.day_zero, 'registered') = 'notice' as is_from_notice,
        limits.hard_when is null or hard.spell_no is not null as hard_holds,
        limits.moves_off_holidays and not (subjects.family = 'criminal' and detained.spell_no is not null) as moves
    from clocks
    inner join subjects on clocks.spell_no = subjects.spell_no
    left join model.usual_proceedings as usual
        on subjects.counts_as = usual.counts_as
        and subjects.type_code = usual.type_code
        and subjects.is_private_prosecution = usual.is_private_prosecution
        and clocks.procedure = usual.procedure
    left join unusual
        on clocks.spell_no = unusual.spell_no
        and clocks.procedure = unusual.procedure
    left join model.law as limits on coalesce(unusual.proceeding, usual.proceeding) = limits.proceeding
    left join circumstances as hard
        on clocks.spell_no = hard.spell_no
        and limits.hard_when = hard.circumstance
    left join circumstances as detained
        on clocks.spell_no = detained.spell_no
        and detained.circumstance = 'detained'
    left join notices on clocks.spell_no = notices.spell_no
    left join receipts
        on subjects.case_key = receipts.case_key
        and limits.day_zero = 'received'
    where limits.proceeding is null
        or limits.selector = 'P'
        or (
            subjects.opened_on >= limits.effective_from
            and (limits.effective_to is null or subjects.opened_on <= limits.effective_to)
        )
)

select
    governed.spell_no,
    governed.opened_on,
    governed.until_on,
    cast(governed.scenario as integer) as scenario,
    governed.next_change_on,
    governed.begins_on,
    governed.ends_before,
    governed.governs_from,
    case when governed.governs_before < date '9999-12-31' then governed.governs_before end as governs_until,
    governed.law_no,
    governed.day_zero,
    governed.is_from_notice,
    governed.hard_holds,
    governed.moves
from governed
where governed.governs_from <= governed.until_on
    and governed.governs_from < governed.governs_before
