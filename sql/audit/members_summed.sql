-- grain: one sum, of the members of a flow that are counted in a span
select cast(coalesce(sum(counted.numerator), 0) as bigint) as numerator
from counted
