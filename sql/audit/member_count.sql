-- grain: one row, how many members are counted
select count(*) as members
from counted
