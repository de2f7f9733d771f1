-- grain: one member a pending case past its lawful limit and not suspended, as an interval
-- 超审限未结 (dictionary, section 4.4): as_of > lawful due date with deductions. What is over ends where the next law or clock
-- begins; the days of a suspension are cut out.
with overdue as (
    select
        clocks.spell_no,
        spells.case_key,
        greatest(clocks.lawful_due_on + 1, clocks.governs_from) as in_from,
        coalesce(
            least(coalesce(clocks.governs_until, spells.closed_on), coalesce(spells.closed_on, clocks.governs_until)),
            date '9999-12-31'
        ) as in_until
    from model.spell_clocks as clocks
    inner join model.case_spells as spells on clocks.spell_no = spells.spell_no
    where clocks.lawful_due_on is not null
),

suspended as (
    select
        overdue.spell_no,
        overdue.case_key,
        overdue.in_from,
        overdue.in_until,
        suspensions.first_on,
        coalesce(suspensions.last_on + 1, date '9999-12-31') as resumed_on
    from overdue
    inner join model.suspensions as suspensions
        on overdue.spell_no = suspensions.spell_no
        and suspensions.first_on < overdue.in_until
        and coalesce(suspensions.last_on, date '9999-12-31') >= overdue.in_from
    where overdue.in_from < overdue.in_until
),

cut as (
    -- before the first suspension, and after each until the next
    select
        suspended.case_key,
        suspended.in_from,
        min(suspended.first_on) as in_until
    from suspended
    group by
        suspended.spell_no,
        suspended.case_key,
        suspended.in_from
    union all
    select
        suspended.case_key,
        suspended.resumed_on as in_from,
        coalesce(
            lead(suspended.first_on) over (
                partition by suspended.spell_no, suspended.in_from order by suspended.first_on
            ),
            suspended.in_until
        ) as in_until
    from suspended
),

pieces as (
    select
        cut.case_key,
        cut.in_from,
        case when cut.in_until < date '9999-12-31' then cut.in_until end as in_until
    from cut
    where cut.in_from < cut.in_until
    union all
    select
        overdue.case_key,
        overdue.in_from,
        case when overdue.in_until < date '9999-12-31' then overdue.in_until end as in_until
    from overdue
    left join suspended
        on overdue.spell_no = suspended.spell_no
        and overdue.in_from = suspended.in_from
    where suspended.spell_no is null
        and overdue.in_from < overdue.in_until
)

select
    'overdue_pending' as metric,
    cast(null as varchar) as variant,
    pieces.case_key,
    pieces.in_from as in_from,
    pieces.in_until as in_until,
    coalesce(cases.court_code, 'none') as court,
    cases.family,
    cases.counts_as,
    coalesce(cases.type_code, 'none') as case_type,
    coalesce(cases.procedure, 'none') as procedure,
    coalesce(cases.bench_code, 'none') as bench,
    coalesce(cases.judge_code, 'none') as judge,
    cast(null as varchar) as population,
    cast(null as varchar) as channel,
    cast(null as varchar) as closing_manner,
    cast(null as varchar) as part,
    1 as numerator,
    cast(null as bigint) as denominator
from pieces
inner join model.cases as cases on pieces.case_key = cases.case_key
where pieces.in_until is null
    or pieces.in_from < pieces.in_until
