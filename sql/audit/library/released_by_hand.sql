-- grain: one decision of a person on the ledger
select
    decisions.seq,
    decisions.decided_at,
    decisions.decision,
    decisions.who,
    decisions.what,
    decisions.why
from decisions
order by decisions.seq
