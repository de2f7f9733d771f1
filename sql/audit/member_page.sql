-- grain: one counted member of a page, in the order of all of them
select
    counted.case_key,
    counted.part,
    counted.counted_on,
    counted.numerator,
    counted.denominator
from counted
order by
    counted.counted_on,
    counted.case_key,
    counted.part
limit $most
offset $skip
