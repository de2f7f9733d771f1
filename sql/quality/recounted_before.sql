-- grain: one refresh before this one whose figures were counted again without an error
select
    recounts.refresh_no,
    recounts.figures
from quality.recounts as recounts
where recounts.refresh_no = $refresh_before
    and recounts.error is null
