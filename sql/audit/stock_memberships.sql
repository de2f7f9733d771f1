-- grain: one span in which $case_key is a member of a stock, whatever its dimensions
select
    members.part,
    members.in_from,
    members.in_until,
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
    members.in_from,
    members.part
