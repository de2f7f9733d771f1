-- grain: one version of one case as it is believed: with its corrections, and under its present number
-- A correction stands for every version, earlier or later, whose field holds what some correction of it called wrong; the
-- last correction says what is right. So an extract that repeats the error changes nothing, and one that says a third
-- thing is believed. The number of a case that was corrected (key_change) leads to the same case under its new one.
with numbered as (
    select
        corrections.case_key,
        corrections.delivery_no,
        corrections.record,
        corrections.new_case_key,
        row_number() over (
            partition by corrections.case_key
            order by deliveries.world_rank desc, corrections.record desc
        ) as place
    from model.correction_history as corrections
    inner join model.deliveries as deliveries on corrections.delivery_no = deliveries.delivery_no
    where corrections.new_case_key is not null
),

-- a number may have been corrected again: two doublings follow four steps, and no recursion is needed
steps_1 as (
    select
        numbered.case_key,
        numbered.delivery_no,
        numbered.record,
        numbered.new_case_key
    from numbered
    where numbered.place = 1
        and numbered.case_key <> numbered.new_case_key
),

steps_2 as (
    select
        near.case_key,
        coalesce(far.delivery_no, near.delivery_no) as delivery_no,
        coalesce(far.record, near.record) as record,
        coalesce(far.new_case_key, near.new_case_key) as new_case_key
    from steps_1 as near
    left join steps_1 as far on near.new_case_key = far.case_key
),

steps_4 as (
    select
        near.case_key,
        coalesce(far.delivery_no, near.delivery_no) as delivery_no,
        coalesce(far.record, near.record) as record,
        coalesce(far.new_case_key, near.new_case_key) as new_case_key
    from steps_2 as near
    left join steps_2 as far on near.new_case_key = far.case_key
),

renames as (
    select
        steps_4.case_key,
        corrections.new_case_key,
        corrections.new_case_number,
        corrections.new_court_code,
        corrections.new_number_year,
        corrections.new_number_form,
        corrections.new_type_characters,
        corrections.new_special_code,
        corrections.new_serial,
        corrections.new_type_code
    from steps_4
    inner join model.correction_history as corrections
        on steps_4.delivery_no = corrections.delivery_no
        and steps_4.record = corrections.record
        and steps_4.new_case_key = corrections.new_case_key
    where steps_4.case_key <> steps_4.new_case_key
),

ranked as (
    select
        coalesce(renames.new_case_key, corrections.case_key) as case_key,
        corrections.column_name,
        corrections.delivery_no,
        corrections.record,
        corrections.old_value,
        corrections.new_value,
        row_number() over (
            partition by coalesce(renames.new_case_key, corrections.case_key), corrections.column_name
            order by deliveries.world_rank desc, corrections.record desc
        ) as place
    from model.correction_history as corrections
    inner join model.deliveries as deliveries on corrections.delivery_no = deliveries.delivery_no
    left join renames on corrections.case_key = renames.case_key
    where corrections.new_case_key is null
),

wrong as (
    select distinct
        ranked.case_key,
        ranked.column_name,
        coalesce(called.value, '') as value,
        ranked.new_value
    from ranked
    inner join (
        select
            olds.case_key,
            olds.column_name,
            olds.old_value as value
        from ranked as olds
        union
        select
            earlier.case_key,
            earlier.column_name,
            earlier.new_value as value
        from ranked as earlier
        where earlier.place > 1
    ) as called
        on ranked.case_key = called.case_key
        and ranked.column_name = called.column_name
    where ranked.place = 1
        and called.value is distinct from ranked.new_value
),

superseded as (
    -- the old number is silent, or speaks, where the new one speaks itself
    select
        olds.case_key,
        olds.delivery_no
    from renames
    inner join model.case_history as olds on renames.case_key = olds.case_key
    inner join model.case_history as news on renames.new_case_key = news.case_key
    where olds.presence = 'absent'
        or olds.delivery_no = news.delivery_no
    union
    -- two old numbers in one extract: one of them stands
    select
        olds.case_key,
        olds.delivery_no
    from renames
    inner join model.case_history as olds on renames.case_key = olds.case_key
    inner join renames as others
        on renames.new_case_key = others.new_case_key
        and renames.case_key > others.case_key
    inner join model.case_history as twins
        on others.case_key = twins.case_key
        and olds.delivery_no = twins.delivery_no
)

select
    coalesce(renames.new_case_key, history.case_key) as case_key,
    history.delivery_no,
    history.known_from,
    history.presence,
    history.row_hash,
    history.record,
    history.line,
    coalesce(renames.new_case_number, history.case_number) as case_number,
    coalesce(renames.new_court_code, history.court_code) as court_code,
    coalesce(renames.new_number_year, history.number_year) as number_year,
    coalesce(renames.new_number_form, history.number_form) as number_form,
    coalesce(renames.new_type_characters, history.type_characters) as type_characters,
    case when renames.case_key is null then history.special_code else renames.new_special_code end as special_code,
    coalesce(renames.new_serial, history.serial) as serial,
    case when type.case_key is null then coalesce(renames.new_type_code, history.type_code) else type.new_value end as type_code,
    case when procedure.case_key is null then history.procedure else procedure.new_value end as procedure,
    case when bench.case_key is null then history.bench_code else bench.new_value end as bench_code,
    case when judge.case_key is null then history.judge_code else judge.new_value end as judge_code,
    case when registration.case_key is null then history.registered_on else cast(registration.new_value as date) end as registered_on,
    case when closing.case_key is null then history.closed_on else cast(closing.new_value as date) end as closed_on,
    case when reopening.case_key is null then history.reopened_on else cast(reopening.new_value as date) end as reopened_on,
    case when manner.case_key is null then history.closing_manner else manner.new_value end as closing_manner,
    coalesce(origins.new_case_number, history.origin_case_number) as origin_case_number,
    coalesce(origins.new_case_key, history.origin_case_key) as origin_case_key,
    case when prosecution.case_key is null then history.is_private_prosecution else cast(prosecution.new_value as boolean) end as is_private_prosecution,
    case when transfer.case_key is null then history.transferred_in else cast(transfer.new_value as boolean) end as transferred_in,
    case when void.case_key is null then history.is_void else cast(void.new_value as boolean) end as is_void,
    case when applied.case_key is null then history.amount_applied else cast(applied.new_value as decimal(18,2)) end as amount_applied,
    case when realised.case_key is null then history.amount_realised else cast(realised.new_value as decimal(18,2)) end as amount_realised
from model.case_history as history
left join renames on history.case_key = renames.case_key
left join renames as origins on history.origin_case_key = origins.case_key
left join superseded
    on history.case_key = superseded.case_key
    and history.delivery_no = superseded.delivery_no
left join wrong as procedure
    on coalesce(renames.new_case_key, history.case_key) = procedure.case_key
    and procedure.column_name = 'procedure'
    and coalesce(history.procedure, '') = procedure.value
left join wrong as bench
    on coalesce(renames.new_case_key, history.case_key) = bench.case_key
    and bench.column_name = 'bench_code'
    and coalesce(history.bench_code, '') = bench.value
left join wrong as judge
    on coalesce(renames.new_case_key, history.case_key) = judge.case_key
    and judge.column_name = 'judge_code'
    and coalesce(history.judge_code, '') = judge.value
left join wrong as registration
    on coalesce(renames.new_case_key, history.case_key) = registration.case_key
    and registration.column_name = 'registered_on'
    and coalesce(cast(history.registered_on as varchar), '') = registration.value
left join wrong as closing
    on coalesce(renames.new_case_key, history.case_key) = closing.case_key
    and closing.column_name = 'closed_on'
    and coalesce(cast(history.closed_on as varchar), '') = closing.value
left join wrong as reopening
    on coalesce(renames.new_case_key, history.case_key) = reopening.case_key
    and reopening.column_name = 'reopened_on'
    and coalesce(cast(history.reopened_on as varchar), '') = reopening.value
left join wrong as manner
    on coalesce(renames.new_case_key, history.case_key) = manner.case_key
    and manner.column_name = 'closing_manner'
    and coalesce(history.closing_manner, '') = manner.value
left join wrong as prosecution
    on coalesce(renames.new_case_key, history.case_key) = prosecution.case_key
    and prosecution.column_name = 'is_private_prosecution'
    and coalesce(cast(history.is_private_prosecution as varchar), '') = prosecution.value
left join wrong as transfer
    on coalesce(renames.new_case_key, history.case_key) = transfer.case_key
    and transfer.column_name = 'transferred_in'
    and coalesce(cast(history.transferred_in as varchar), '') = transfer.value
left join wrong as void
    on coalesce(renames.new_case_key, history.case_key) = void.case_key
    and void.column_name = 'is_void'
    and coalesce(cast(history.is_void as varchar), '') = void.value
left join wrong as applied
    on coalesce(renames.new_case_key, history.case_key) = applied.case_key
    and applied.column_name = 'amount_applied'
    and coalesce(cast(history.amount_applied as varchar), '') = applied.value
left join wrong as realised
    on coalesce(renames.new_case_key, history.case_key) = realised.case_key
    and realised.column_name = 'amount_realised'
    and coalesce(cast(history.amount_realised as varchar), '') = realised.value
left join wrong as type
    on coalesce(renames.new_case_key, history.case_key) = type.case_key
    and type.column_name = 'type_code'
    and coalesce(history.type_code, '') = type.value
where superseded.case_key is null
