-- grain: one kind of case and one procedure, with the proceeding that it is under where no circumstance tells otherwise
with kinds as (
    select distinct
        cases.counts_as,
        coalesce(cases.type_code, 'none') as type_code,
        coalesce(cases.is_private_prosecution, false) as is_private_prosecution
    from model.cases as cases
    where cases.is_counted
),

procedures as (
    select distinct coalesce(cases.procedure, 'none') as procedure
    from model.cases as cases
    union
    select distinct coalesce(events.former_procedure, 'none') as procedure
    from model.clock_events as events
    union
    select distinct events.reason as procedure
    from model.clock_events as events
    where events.kind = 'procedure_change'
)

select
    ranked.counts_as,
    ranked.type_code,
    ranked.is_private_prosecution,
    ranked.procedure,
    ranked.proceeding
from (
    select
        kinds.counts_as,
        kinds.type_code,
        kinds.is_private_prosecution,
        procedures.procedure,
        proceedings.proceeding,
        row_number() over (
            partition by kinds.counts_as, kinds.type_code, kinds.is_private_prosecution, procedures.procedure
            order by proceedings.names desc, proceedings.proceeding
        ) as place
    from kinds
    cross join procedures
    left join model.proceedings as proceedings
        on kinds.counts_as = proceedings.counts_as
        and (proceedings.type_code is null or proceedings.type_code = kinds.type_code)
        and (proceedings.procedure is null or proceedings.procedure = procedures.procedure)
        and (
            proceedings.is_private_prosecution is null
            or proceedings.is_private_prosecution = kinds.is_private_prosecution
        )
        and proceedings.circumstance is null
) as ranked
where ranked.place = 1
