-- grain: one version of a published total that stands in one of two warehouses (`standing`, `replayed`) and not in the other
with only_standing as (
    select
        history.total_key,
        history.delivery_no,
        history.known_from,
        history.presence,
        history.record,
        history.line,
        history.value,
        history.unit,
        history.note
    from standing.model.total_history as history
    except all
    select
        history.total_key,
        history.delivery_no,
        history.known_from,
        history.presence,
        history.record,
        history.line,
        history.value,
        history.unit,
        history.note
    from replayed.model.total_history as history
),

only_replayed as (
    select
        history.total_key,
        history.delivery_no,
        history.known_from,
        history.presence,
        history.record,
        history.line,
        history.value,
        history.unit,
        history.note
    from replayed.model.total_history as history
    except all
    select
        history.total_key,
        history.delivery_no,
        history.known_from,
        history.presence,
        history.record,
        history.line,
        history.value,
        history.unit,
        history.note
    from standing.model.total_history as history
)

select
    'only in the standing warehouse' as side,
    only_standing.total_key,
    only_standing.delivery_no,
    only_standing.known_from,
    only_standing.presence,
    only_standing.record,
    only_standing.line,
    only_standing.value,
    only_standing.unit,
    only_standing.note
from only_standing
union all
select
    'only in the replayed one' as side,
    only_replayed.total_key,
    only_replayed.delivery_no,
    only_replayed.known_from,
    only_replayed.presence,
    only_replayed.record,
    only_replayed.line,
    only_replayed.value,
    only_replayed.unit,
    only_replayed.note
from only_replayed
order by all
limit 20
