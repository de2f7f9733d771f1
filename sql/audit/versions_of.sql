-- grain: one version of the case $case_key as known at $refresh_no, by extract date
select
    deliveries.extract_on,
    deliveries.delivery_no,
    deliveries.file,
    deliveries.sha256,
    versions.line,
    versions.record,
    versions.known_from,
    versions.presence,
    versions.case_number,
    versions.procedure,
    versions.bench_code,
    versions.registered_on,
    versions.closed_on,
    versions.reopened_on,
    versions.closing_manner,
    versions.origin_case_number,
    versions.is_private_prosecution,
    versions.is_void,
    versions.amount_applied,
    versions.amount_realised
from model.case_history as versions
inner join model.deliveries as deliveries on versions.delivery_no = deliveries.delivery_no
where versions.case_key = $case_key
    and versions.known_from <= $refresh_no
order by deliveries.world_rank
