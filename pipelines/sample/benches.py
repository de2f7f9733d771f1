"""Who sits in the made-up court: ten benches, forty judges, the benches that take each kind of case, and who gets it.

Codes only, as a court would send them; no people. What happens in a case does not belong here.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.cases import Cases
from pipelines.sample.choices import Codes, pick_by_kind
from pipelines.sample.kinds import ALL, Bench

JUDGES_OF = {"LA": 4, "XS": 4, "M1": 5, "M2": 5, "M3": 4, "XZ": 2, "ZX": 8, "F1": 3, "F2": 3, "F3": 2}
BENCHES = tuple(JUDGES_OF)
JUDGES = tuple(f"J{number:03d}" for number in range(1, sum(JUDGES_OF.values()) + 1))

_SITTING = {
    "civil_first": {"M1": 20, "M2": 22, "M3": 14, "F1": 16, "F2": 15, "F3": 13},
    "civil_special": {"LA": 60, "M1": 40},
    "payment_order": {"LA": 70, "F1": 15, "F2": 15},
    "public_notice": {"LA": 50, "M2": 50},
    "civil_retrial": {"M3": 1},
    "criminal_first": {"XS": 1},
    "private_prosecution": {"XS": 1},
    "administrative_first": {"XZ": 1},
    "administrative_review": {"XZ": 1},
    "administrative_compensation": {"XZ": 1},
    "judicial_compensation": {"XZ": 1},
    "preservation": {"ZX": 75, "LA": 25},
    "objection": {"ZX": 1},
    "bankruptcy": {"M2": 1},
    "bankruptcy_application": {"M2": 1},
    "first_enforcement": {"ZX": 1},
    "resumed_enforcement": {"ZX": 1},
    "sanction": {"ZX": 1},
    "relief": {"ZX": 1},
}
TAKES = tuple(Bench(kind, bench, weight) for kind in ALL for bench, weight in _SITTING.get(kind, {"LA": 1}).items())
_BENCH_OF = np.array([BENCHES.index(option.bench) for option in TAKES], dtype=np.int16)
_SEATS = np.array(list(JUDGES_OF.values()))
_FIRST_JUDGE = np.cumsum(_SEATS) - _SEATS


def assign(rng: np.random.Generator, cases: Cases) -> Codes:
    """A bench for each case: a place in BENCHES."""
    option = pick_by_kind(TAKES, ALL, cases.kind, rng.random(len(cases)), cases.registered)
    return np.asarray(_BENCH_OF[option])


def seat(rng: np.random.Generator, bench: NDArray[Any]) -> Codes:
    """A judge of each row's bench: a place in JUDGES."""
    return np.asarray(_FIRST_JUDGE[bench] + rng.random(len(bench)) * _SEATS[bench]).astype(np.int16)
