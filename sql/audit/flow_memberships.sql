-- grain: one time at which $case_key is a member of a flow or share, whatever its day and dimensions
select
    members.part,
    members.counted_on as in_from,
    cast(null as date) as in_until,
    members.numerator,
    members.court,
    members.family,
    members.counts_as,
    members.case_type,
    members.procedure,
    members.bench,
    members.population,
    members.channel,
    members.closing_manner
from members
where members.case_key = $case_key
order by
    members.counted_on,
    members.part
