-- grain: one finding
select distinct held.finding_no
from quality.findings as held
order by held.finding_no
