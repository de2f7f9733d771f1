-- grain: one case, its latest version as known at the refresh
-- The statistics leave out void numbers and the classes that are no cases (dictionary, section 11); a case that a
-- snapshot no longer names stays with its last version, counted or not as the contract's on_missing says.
with known as (
    select
        history.case_key,
        history.presence,
        deliveries.world_rank
    from model.case_versions as history
    inner join model.deliveries as deliveries on history.delivery_no = deliveries.delivery_no
    where history.known_from <= $refresh_no
),

latest as (
    select
        known.case_key,
        max(case when known.presence <> 'absent' then known.world_rank end) as world_rank,
        case
            when max(known.world_rank) > max(case when known.presence <> 'absent' then known.world_rank end) then 'absent'
            else 'seen'
        end as last_presence
    from known
    group by known.case_key
)

select
    versions.case_key,
    versions.case_number,
    versions.court_code,
    versions.number_year,
    versions.number_form,
    versions.type_characters,
    versions.special_code,
    versions.serial,
    versions.type_code,
    coalesce(case_types.family, 'none') as family,
    coalesce(case_types.counts_as, 'none') as counts_as,
    case_types.instance,
    versions.procedure,
    versions.bench_code,
    versions.judge_code,
    versions.registered_on,
    versions.closed_on,
    versions.reopened_on,
    versions.closing_manner,
    closing_manners.effect as closing_effect,
    versions.origin_case_number,
    versions.origin_case_key,
    versions.is_private_prosecution,
    versions.transferred_in,
    versions.is_void,
    versions.amount_applied,
    versions.amount_realised,
    not coalesce(versions.is_void, false)
        and not (latest.last_presence = 'absent' and $drops_missing)
        and coalesce(case_types.counts_as, 'none') not in (
            'jurisdiction', 'preservation_review', 'assistance', 'sanction', 'relief', 'not_a_case'
        ) as is_counted,
    not coalesce(versions.is_void, false)
        and not (latest.last_presence = 'absent' and $drops_missing)
        and coalesce(case_types.counts_as, 'none') = 'not_a_case' as is_mediation,
    versions.delivery_no,
    versions.record,
    versions.line
from latest
inner join model.deliveries as deliveries
    on latest.world_rank = deliveries.world_rank
    and deliveries.feeds = 'cases'
inner join model.case_versions as versions
    on latest.case_key = versions.case_key
    and deliveries.delivery_no = versions.delivery_no
left join model.case_types as case_types on versions.type_code = case_types.type_code
left join model.closing_manners as closing_manners
    on versions.closing_manner = closing_manners.closing_manner
    and case_types.counts_as = closing_manners.counts_as
