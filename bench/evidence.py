"""Random figures of a home, each as an evidence bundle: whether all hold, and how long a bundle and an explanation take.

Usage: python bench/evidence.py HOME [--profile shengzhou] [--figures 1000] [--seed 683] [--explain-only]
Figures are drawn as `caseload verify --figures` draws them. Each is made into a bundle, which its verifier checks: rows add up,
each stands on its line of the stored file with the fields shown. It is told how many rows also show the day that they are
counted on, in whatever form. It ends with 1 where a bundle does not hold. Then the second engine counts every figure of the
publication (`caseload verify --full`).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import unicodedata
import zipfile
from collections import Counter
from io import BytesIO
from json import loads
from pathlib import Path
from statistics import median, quantiles
from typing import Any


def shows_the_day(row: dict[str, Any]) -> bool:
    """Whether the day that a row is counted on stands on its line or one beside it.

    As 2016-05-03, 2016年5月3日, 20160503, 03/05/2016.
    """
    year, month, day = row["counted_on"].split("-")
    wanted = {year, str(int(month)), str(int(day))}
    lines = [row["raw"], *(line["raw"] for line in row["beside"])]
    for value in filter(None, (value for raw in lines for value in (raw or {}).values())):
        text = unicodedata.normalize("NFKC", value)
        if f"{year}{month}{day}" in text or wanted <= {number.lstrip("0") for number in re.findall("[0-9]+", text)}:
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--profile", default="shengzhou")
    parser.add_argument("--figures", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=683)
    parser.add_argument("--explain-only", action="store_true", help="no bundles: how long an explanation takes")
    parser.add_argument("--no-recount", action="store_true", help="without the second engine at the end")
    options = parser.parse_args()
    from warehouse.audit.evidence.build import evidence
    from warehouse.audit.evidence.verify import Fault
    from warehouse.audit.explain import explain
    from warehouse.audit.sampled import drawn
    from warehouse.audit.verify import verify
    from warehouse.catalogue.bundle import find_profile, read_catalogue
    from warehouse.reading.figures import Reader
    from warehouse.reading.snapshot import snapshot
    from warehouse.store.place import Place

    place = Place(options.home / options.profile)
    calendars = read_catalogue(find_profile(options.profile)).profile.settings.calendars
    seconds, explained, rows, wrong, shown, kinds = [], [], 0, 0, Counter[str](), Counter[str]()
    with snapshot(place.warehouse) as snap:
        reader = Reader(snap, calendars)
        for asked in drawn(reader, options.figures, random.Random(options.seed)):
            kinds[asked.metric.kind] += 1
            began = time.perf_counter()
            explain(place, reader, asked, 50)
            explained.append(time.perf_counter() - began)
            if options.explain_only:
                continue
            began = time.perf_counter()
            try:
                made = evidence(place, reader, asked, "evidence.zip")
            except Fault as fault:
                wrong += 1
                print(f"DOES NOT HOLD: {reader.answer(asked)[0].figure_id}: {fault}", flush=True)
                continue
            seconds.append(time.perf_counter() - began)
            rows += made.rows
            with zipfile.ZipFile(BytesIO(made.data)) as archive:
                for line in archive.read("rows.jsonl").decode().splitlines():
                    shown["shown" if shows_the_day(loads(line)) else f"not shown: {asked.metric.id}"] += 1
    counted = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    print(f"{len(explained)} figures ({counted}), {rows:,} rows, {wrong} that do not hold")
    if rows:
        others = ", ".join(f"{name} {number:,}" for name, number in shown.most_common(12) if name != "shown")
        print(f"the day counted on stands in {shown['shown']:,} rows; {others}")
    for name, took in (("explain, 50 rows", explained), ("bundle, made and verified", seconds)):
        if len(took) > 1:
            print(
                f"{name}: {median(took):.2f} s in the median, p95 {quantiles(took, n=20)[-1]:.2f} s, {max(took):.2f} s at most"
            )
    if options.no_recount or options.explain_only:
        return int(wrong > 0)
    found = verify(place, "bench", True, lambda text: None)
    print(f"second engine and replay, all figures: {len(found.faults)} faults", *found.faults[:5], sep="\n")
    return int(wrong > 0 or bool(found.faults))


if __name__ == "__main__":
    sys.exit(main())
