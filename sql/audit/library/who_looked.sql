-- grain: one entry of the access log
select
    accesses.seq,
    accesses.looked_at,
    accesses.who,
    accesses.kind,
    accesses.what
from accesses
where $who = ''
    or accesses.who = $who
order by accesses.seq
