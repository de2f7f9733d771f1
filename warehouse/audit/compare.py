"""Two publications compared: each figure that changed, and the causes, which add up to the change exactly.

The change is taken apart in steps: first what other definitions make of what was known, then that the days up to which is
counted went on, then each delivery in the order in which it was taken. Every step is a difference of two counts, so
nothing is left over; where the sum is not the published change, that is a fault and is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from warehouse.audit.causes import Change, Told, change_at, read_told
from warehouse.audit.changed import SOUND, Cause, Changed, Question, changed_figures, counted_by
from warehouse.audit.definitions import Stage, stages, went_on
from warehouse.audit.making import making, parameters
from warehouse.audit.states import Cell, Count, Member, between, whole
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.calendars import Period
from warehouse.catalogue.metric import Metric
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.chronicle import Chronicle, Delivery
from warehouse.reading.figure import Asked, Figure
from warehouse.reading.figures import BY, Reader, combined
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.knowledge import model_as_of, model_between
from warehouse.store.place import Place


def compare(place: Place, chronicle: Chronicle, old: Reader, new: Reader, question: Question,
            tell: Callable[[str], None] = lambda text: None) -> list[Changed]:  # fmt: skip
    """The figures that differ between two publications, with their causes; `old` must be the earlier one.

    Raises:
        Unknown: the metric, a dimension or a period is not there.
    """
    changed = list(changed_figures(old, new, question))
    if not any(one.is_counted for one in changed):
        return [_withheld(one) for one in changed]
    tell(f"looking for the causes of {len(changed):,} changed figures")
    parts = _parts(changed, question, new)
    with catalogue_of(place, new.snapshot.refresh.bundle) as catalogue:
        causes = [*_of_definitions(place, old, new, catalogue, parts), *_of_deliveries(chronicle, old, new, catalogue, parts)]
    by_cell: dict[Cell, list[Cause]] = defaultdict(list)
    for cell, cause in causes:
        by_cell[cell].append(cause)
    return [
        replace(one, causes=tuple(_causes_of(one, (old, new), question.dims_of(one.dims), by_cell)))
        if one.is_counted
        else _withheld(one)
        for one in changed
    ]


def _withheld(one: Changed) -> Changed:
    """A figure that one side withholds has no number to take apart: the reason is the cause."""
    sides = [side for side in (one.after, one.before) if side and side.status not in SOUND]
    kind = "withheld" if one.after and one.after.status not in SOUND else "shown_again"
    refresh = one.after or sides[0]
    return replace(one, causes=(Cause(kind, sides[0].reason or sides[0].status, int(refresh.refresh_id[1:]), None, 0, 0),))


# --- the parts that have cells


def _parts(changed: Iterable[Changed], question: Question, new: Reader) -> list[Asked]:
    """The metrics with cells of their own that the changed figures are made of, each with the periods in question."""
    periods: dict[tuple[str, str | None], dict[Period, None]] = {}
    metrics: dict[str, Metric] = {}
    for one in changed:
        if one.is_counted:
            for name in one.parts or (one.name,):
                part, _, variant = name.partition(".")
                metrics[part] = new.snapshot.metrics.get(part) or one.metric
                periods.setdefault((part, variant or None), {})[one.period] = None
    calendar = question.calendar or new.default_calendar
    return [Asked(metrics[part], variant, calendar, tuple(found), tuple(d for d in BY if d in question.by), question.where)
            for (part, variant), found in periods.items()]  # fmt: skip


def _of_definitions(
    place: Place, old: Reader, new: Reader, catalogue: Catalogue, parts: list[Asked]
) -> Iterator[tuple[Cell, Cause]]:
    """What other definitions and other days make of that which was known at the earlier publication."""
    known = {(one.name, period, dims): (n, d or 0) for one in parts if one.metric.id in old.snapshot.metrics
             for (period, *dims_), (n, d) in old.counted(one).items() for dims in [tuple(dims_)]}  # fmt: skip
    for stage in stages(place, old, new, catalogue):
        after = _as_counted_by(stage, old, parts)
        for cell in dict.fromkeys((*known, *after)):
            (n, d), (more_n, more_d) = known.get(cell, (0, 0)), after.get(cell, (0, 0))
            if (n, d) != (more_n, more_d):
                yield (
                    cell,
                    Cause(
                        stage.kind,
                        stage.what_of(cell[0].partition(".")[0]),
                        new.snapshot.refresh.number,
                        None,
                        more_n - n,
                        more_d - d,
                    ),
                )
        known = after


def _as_counted_by(stage: Stage, old: Reader, parts: list[Asked]) -> dict[Cell, Count]:
    refresh = old.snapshot.refresh
    values = parameters(stage.catalogue, refresh) | {
        "data_from": stage.data_from,
        "counting_day": stage.reader.snapshot.refresh.counting_day,
    }
    connection = model_as_of(old.snapshot.connection, refresh.number, making(stage.catalogue, values["counting_day"], values))
    try:
        return whole(connection, stage.catalogue, stage.reader, parts, values)
    finally:
        connection.close()


# --- deliveries


def _of_deliveries(
    chronicle: Chronicle, old: Reader, new: Reader, catalogue: Catalogue, parts: list[Asked]
) -> Iterator[tuple[Cell, Cause]]:
    first, last = old.snapshot.refresh, new.snapshot.refresh
    taken = [(publication.number, chronicle.deliveries[one.delivery_no]) for publication in chronicle.publications
             if first.number < publication.number <= last.number for one in publication.taken]  # fmt: skip
    steps = {number: one for number, one in enumerate([t for t in taken if t[1].repeats is None], 1)}
    values = parameters(catalogue, last)
    sql = HOUSE / "sql"
    connection = model_between(
        new.snapshot.connection, first.number, last.number, [(s, r, d.delivery_no) for s, (r, d) in steps.items()],
        read_query(sql, "audit/touched_keys"), read_query(sql, "audit/linked_keys"),
        {"case_history": read_query(sql, "audit/case_states"),
         "registration_history": read_query(sql, "audit/registration_states"),
         "correction_history": read_query(sql, "audit/correction_states"),
         "clock_event_history": read_query(sql, "audit/clock_event_states"),
         "enforcement_result_history": read_query(sql, "audit/enforcement_result_states")},
        making(catalogue, last.counting_day, values),
    )  # fmt: skip
    try:
        members = between(connection, catalogue, new, parts, values)
        told = read_told(connection, {s: d.delivery_no for s, (_, d) in steps.items()})
    finally:
        connection.close()
    for case_key, refresh_no, reason in new.snapshot.rows(
        "select a.case_key, r.rectified_in, a.reason_code from quality.rectified r join quality.set_aside a "
        "on r.delivery_no = a.delivery_no and r.record = a.record where r.how = 'corrected' and a.case_key is not null"
    ):
        told.released[case_key, refresh_no].add(reason)
    yield from _grouped(members, told, steps, _days_before(new, first.number))


def _days_before(new: Reader, first: int) -> dict[int, Any]:
    """The counting day of the refresh before each."""
    known = [r for r in new.snapshot.all_refreshes if r.number >= first]
    return {later.number: earlier.counting_day for earlier, later in pairwise(known)}


def _grouped(
    members: Iterable[Member], told: Told, steps: Mapping[int, tuple[int, Delivery]], days: Mapping[int, Any]
) -> Iterator[tuple[Cell, Cause]]:
    """One cause a cell, step, kind and set of fields, in the order of the steps."""
    changes: dict[tuple[int, str], Change] = {}
    groups: dict[tuple[Cell, int, str, str], list[tuple[Change, int, int]]] = defaultdict(list)
    for one in members:
        refresh_no, _ = steps[one.step]
        at = (one.step, one.key)
        if at not in changes:
            changes[at] = change_at(told, at, refresh_no, days[refresh_no])
        change = changes[at]
        groups[one.cell, one.step, change.kind, _what(change)].append((change, one.numerator, one.denominator))
    for (cell, step, kind, what), found in sorted(groups.items(), key=lambda item: item[0][1:]):
        refresh_no, delivery = steps[step]
        found.sort(key=lambda one: (one[0].line or 0, one[0].number))
        yield (
            cell,
            Cause(kind, what, refresh_no, delivery, sum(n for _, n, _ in found), sum(d for _, _, d in found), tuple(found)),
        )


def _what(change: Change) -> str:
    return ", ".join(name for name, _, _ in change.fields) or ", ".join(change.rules)


def _causes_of(
    one: Changed, sides: tuple[Reader, Reader], dims: tuple[str, ...], by_cell: Mapping[Cell, list[Cause]]
) -> Iterator[Cause]:
    """The causes of a figure: those of its cells, or those of a ratio's parts, each as it moves the fraction."""
    if not one.parts:
        yield from by_cell.get((one.name, one.period.id, dims), ())
        return
    told = _of_formula(one, *sides)
    if told.numerator or told.denominator:
        yield told
    if one.after is None:
        return
    formula, days = one.metric.formula_of(one.after.variant), one.after.days
    zero = dict.fromkeys(one.parts, 0)
    for part in zero:
        for cause in by_cell.get((part, one.period.id, dims), ()):
            numerator, denominator = combined(formula, zero | {part: cause.numerator}, days)
            changes = tuple((change, *combined(formula, zero | {part: n}, days)) for change, n, _ in cause.changes)
            if numerator or denominator:
                what = f"{part}: {cause.what}".rstrip(": ")
                yield replace(cause, numerator=numerator, denominator=denominator, what=what, changes=changes)


def _of_formula(one: Changed, old: Reader, new: Reader) -> Cause:
    """What another formula makes of the parts as they were; all of it where one publication has no such ratio.

    The same formula over the days of a span that data reach further into gives another number too: then time went on.
    """
    after = counted_by(one.metric, old, one.after) if one.after else (0, 0)
    before, then, now = one.counted_before, old.snapshot.refresh, new.snapshot.refresh
    kind, what = "definition", f"warehouse/definitions/{one.metric.id}.yml"
    if one.after and _formula(old, one.after) == _formula(new, one.after) and then.counting_day != now.counting_day:
        kind, what = "time", went_on(then, now)
    return Cause(kind, what, now.number, None, after[0] - before[0], after[1] - before[1])


def _formula(side: Reader, figure: Figure) -> str | None:
    """The formula of a reading on one side; None where it is not known there."""
    metric = side.snapshot.metrics.get(figure.metric.id)
    known = metric is not None and (figure.variant is None or figure.variant in metric.variants)
    return metric.formula_of(figure.variant) if metric and known else None
