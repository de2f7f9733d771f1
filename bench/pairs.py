"""Random pairs of refreshes and figures of a home: whether the causes of each change add up, and how long an answer takes.

Usage: python bench/pairs.py HOME [--profile shengzhou] [--pairs 500] [--seed 683]
HOME holds what many refreshes published, as `nights.py` leaves it. A pair is two of them and one metric or variant, asked by
month, quarter or year and, now and then, by a dimension; pairs that no figure differs between count too. It ends with 1 where
causes do not add up, numerator and denominator apart, or one is of a kind that is not known.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--profile", default="shengzhou")
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=683)
    options = parser.parse_args()
    from warehouse.audit.causes import KINDS
    from warehouse.audit.changed import Question
    from warehouse.audit.compare import compare
    from warehouse.catalogue.bundle import find_profile, read_catalogue
    from warehouse.intake.chronicle import read_chronicle, refresh_id
    from warehouse.intake.ledger import Ledger
    from warehouse.reading.figures import Reader
    from warehouse.reading.snapshot import snapshot
    from warehouse.refresh.begin import bring_up_to_date
    from warehouse.store.place import Place

    place, chance = Place(options.home / options.profile), random.Random(options.seed)
    bring_up_to_date(place, "bench", print)
    calendars = read_catalogue(find_profile(options.profile)).profile.settings.calendars
    chronicle = read_chronicle(Ledger(place.landing).events())
    known = {*KINDS, "time", "definition", "code_list", "withheld", "shown_again"}
    seconds, kinds, figures, wrong, apart = [], Counter[str](), 0, 0, []
    for _ in range(options.pairs):
        one, two = sorted(chance.sample([p.number for p in chronicle.publications], 2))
        began = time.perf_counter()
        with snapshot(place.warehouse, refresh_id(one)) as before, snapshot(place.warehouse, refresh_id(two)) as after:
            old, new = Reader(before, calendars), Reader(after, calendars)
            metric = chance.choice(list(after.metrics.values()))
            name = chance.choice([metric.id, *(f"{metric.id}.{v}" for v in metric.variants)])
            by = (chance.choice(metric.dimensions),) if metric.dimensions and chance.random() < 0.3 else ()
            found = compare(place, chronicle, old, new, Question(name, kind=chance.choice(["month", "quarter", "year"]), by=by))
        seconds.append(time.perf_counter() - began)
        apart.append(two - one)
        figures += len(found)
        kinds.update(cause.kind for one_ in found for cause in one_.causes)
        bad = [f for f in found if not f.adds_up or {c.kind for c in f.causes} - known]
        wrong += len(bad)
        for figure in bad[:3]:
            print(f"DOES NOT ADD UP: {refresh_id(one)} {refresh_id(two)} {figure.name}/{figure.period.id} {figure.dims}")
    print(f"{options.pairs} pairs, {median(apart):.0f} refreshes apart in the median: {figures:,} changed figures, "
          f"{sum(kinds.values()):,} causes, {wrong} figures whose causes do not add up")  # fmt: skip
    told = ", ".join(f"{kind} {number:,}" for kind, number in kinds.most_common())
    print(f"{median(seconds):.2f} s in the median, {max(seconds):.2f} s at most; {told}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
