"""Figures drawn at random and taken back to the lines of the stored files: what an auditor would do by hand, many times over.

Belongs here: which figures are drawn, and what is wrong with one. Does not belong here: how one is proven (evidence).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from warehouse.audit.evidence.build import evidence
from warehouse.audit.evidence.verify import Fault as NotProven
from warehouse.reading.figure import Asked
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place

LENGTHS = (1, 1, 3, 6, 12, 12, 24)
"""Months of a span that is drawn."""


@dataclass(frozen=True)
class Sampled:
    """How many figures were taken back to their lines, with how many rows, and (figure id, what) of each that does not hold."""

    figures: int
    rows: int
    faults: tuple[tuple[str, str], ...]


def sampled(place: Place, count: int, seed: int) -> Sampled:
    """Draws figures of the last publication and proves each; the same ones for the same seed and publication.

    Raises:
        NothingPublished: there is none.
    """
    rows, proven, faults = 0, 0, []
    with snapshot(place.warehouse) as snap, catalogue_of(place, snap.refresh.bundle) as catalogue:
        reader = Reader(snap, catalogue.profile.settings.calendars)
        for asked in drawn(reader, count, random.Random(seed)):
            proven += 1
            try:
                rows += evidence(place, reader, asked, "evidence.zip").rows
            except NotProven as fault:
                faults.append((reader.answer(asked)[0].figure_id, str(fault)))
    return Sampled(proven, rows, tuple(faults))


def drawn(reader: Reader, count: int, chance: random.Random) -> Iterator[Asked]:
    """Published figures that are not zero: a metric or a variant, a span, and half the time one value of a dimension.

    Fewer than asked for where so few are published that twenty draws for each do not find them.
    """
    metrics = [one for one in reader.snapshot.metrics.values() if reader.snapshot.applies(one)]
    found = 0
    for _ in range(20 * count if metrics else 0):
        if found == count:
            return
        metric, calendar = chance.choice(metrics), chance.choice(list(reader.calendars))
        begin, end = reader.data_months(calendar)
        length = chance.choice(LENGTHS)
        first = chance.randint(begin, max(begin, end - length + 1))
        span = reader.periods(calendar, first, first + length - 1, "range")
        asked = reader.asked(metric, chance.choice([None, *metric.variants]), calendar, span, (), {})
        if metric.dimensions and chance.random() < 0.5:
            by = chance.choice(metric.dimensions)
            values = [
                one.dims for one in reader.answer(replace(asked, by=(by,))) if one.status == "published" and one.numerator
            ]
            asked = replace(asked, where=chance.choice(values)) if values else asked
        figure = reader.answer(asked)[0]
        if figure.status == "published" and (figure.numerator or figure.denominator):
            found += 1
            yield asked
