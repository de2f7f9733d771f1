"""Random small dockets, a court each: cases that are filed, closed and reopened, what comes beside them, and how it is sent.

Here: the draw. What was drawn is sound, as the rules on rows leave it: no case closes before it opens. Days lie near one
another and near the ends of periods, so that equal days and edges are hit.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.recount.conftest import Sent

Row = dict[str, Any]

DATA_FROM, COUNTING_DAY = date(2015, 1, 1), date(2016, 8, 31)
EXTRACTS = [date(2015, 3, 31), date(2015, 9, 20), date(2016, 2, 29), COUNTING_DAY]
EDGES = [
    date(2014, 12, 31), DATA_FROM, date(2015, 3, 20), date(2015, 3, 21), date(2015, 4, 30), date(2015, 5, 1), date(2015, 8, 31),
    date(2015, 12, 31), date(2016, 1, 31), date(2016, 2, 29), date(2016, 5, 31), COUNTING_DAY,
]  # fmt: skip
KINDS = {
    "民初": ("judgment", "mediation", "withdrawal", "deemed_withdrawal", "other"), "刑初": ("judgment", "other"),
    "行初": ("judgment", "withdrawal"), "执": ("zhongben", "fully_enforced", "terminated"), "执恢": ("zhongben", "terminated"),
    "执保": ("preserved",), "民辖": ("other",), "民撤": ("judgment",), "诉前调": ("mediation", "other"), "xx": ("other",),
}  # fmt: skip
"""Kinds of cases with closing manners; the last kind stands in no list."""
POPULATIONS = ("civil_first", "administrative_first", "private_prosecution", "compensation", "first_enforcement", "other")
OUTCOMES = (
    "compulsory", "voluntary", "settled", "property_inquiry", "property_inquiry", "audit_passed", "audit_failed",
    "petition_received", "petition_closed", "satisfied", "terminated", "to_bankruptcy",
)  # fmt: skip

CLOCK_EVENTS = (
    ("deduction", "appraisal"), ("deduction", "public_notice"), ("deduction", "auction"), ("suspension", "suspension"),
    ("suspension", "suspension"), ("deduction", "suspension"), ("extension", "president"), ("extension", "higher_court"),
    ("procedure_change", "ordinary"), ("restart", "supplementary_investigation"), ("circumstance", "foreign_related"),
    ("circumstance", "detained"),
)  # fmt: skip


def day(random: Random, first: date, last: date = COUNTING_DAY) -> date:
    """A day not before `first`, often on an edge or soon after."""
    if random.random() < 0.4:
        later = [edge for edge in EDGES if first <= edge <= last]
        if later:
            return random.choice(later)
    return min(last, first + timedelta(random.choice([0, 0, 1, 5, 7, 8, 20, 31, 61, 100, 183, 184, 200, 366])))


def draw_case(random: Random, court: str, at: int, before: list[Row]) -> Row:
    """A case as it is in the end."""
    type_code = random.choice([*KINDS, "执", "执", "执恢", "执恢", "民初"])
    registered = day(random, random.choice([date(2013, 1, 1), DATA_FROM, date(2015, 6, 1)]))
    case: Row = {
        "case_key": f"{court}-{at:02}", "case_number": f"{court}-{at:02}", "court_code": court, "type_code": type_code,
        "procedure": random.choice(["ordinary", "simplified", "small_claims", None]),
        "bench_code": random.choice(["b1", "b2", None]), "judge_code": random.choice(["j1", "j2", None]),
        "registered_on": registered, "closed_on": None, "reopened_on": None, "closing_manner": None,
        "is_void": random.choice([None, False, False, False, random.random() < 0.3]),
        "is_private_prosecution": random.choice([None, True, False]) if type_code == "刑初" else None,
        "amount_applied": random.choice([None, Decimal("0.00"), Decimal("-1.00"), Decimal("100.05"), Decimal("99999999.99")]),
        "amount_realised": random.choice([None, Decimal("12.34")]), "origin_case_key": None,
    }  # fmt: skip
    mine = [other["case_key"] for other in before if other["type_code"] in ("执", "执恢")]
    if type_code == "执恢":
        case["origin_case_key"] = random.choice([*mine, f"{court}-none", None, case["case_key"]])
    return case


def lives(random: Random, case: Row) -> list[tuple[date, Row]]:
    """What is known of it from which day on."""
    told = [(case["registered_on"], dict(case))]
    if random.random() < 0.75:
        closed = day(random, case["registered_on"])
        manner = random.choice(KINDS[case["type_code"]])
        told.append((closed, told[-1][1] | {"closed_on": closed, "closing_manner": manner}))
        if random.random() < 0.3:
            again = day(random, closed)
            stays = {} if random.random() < 0.3 else {"closed_on": None, "closing_manner": None}
            told.append((again, told[-1][1] | {"reopened_on": again, **stays}))
            if random.random() < 0.6:
                end = day(random, again)
                told.append((end, told[-1][1] | {"closed_on": end, "closing_manner": random.choice(KINDS[case["type_code"]])}))
    return told


def draw_application(random: Random, court: str, at: int, cases: list[Row]) -> Row:
    """An application to register, of which anything may be missing."""
    received = random.choice([None, *[day(random, random.choice([date(2014, 6, 1), date(2015, 4, 20)])) for _ in range(6)]])
    from_on = received or date(2015, 5, 1)
    decision = random.choice(["register", "register", "refuse", "return", "correct", None])
    decided = random.choice([None, from_on, from_on, day(random, from_on)])
    notice = random.choice([None, None, None, day(random, from_on)])
    material = day(random, notice) if notice and random.random() < 0.5 else None
    registered = day(random, decided or from_on) if decision in ("register", "correct") and random.random() < 0.8 else None
    return {
        "application_key": f"{court}-a{at}", "court_code": court, "received_on": received, "decided_on": decided,
        "channel": random.choice(["counter", "online", None]), "population": random.choice(POPULATIONS),
        "first_decision": decision, "correction_notice_on": notice, "corrected_material_on": material,
        "registered_on": registered, "case_key": random.choice([None, *[case["case_key"] for case in cases]]),
    }  # fmt: skip


def draw_result(random: Random, court: str, at: int, cases: list[Row]) -> Row:
    """An entry of the enforcement results, mostly of an enforcement case, and then often after its closing."""
    mine = [case for case in cases if case["type_code"] in ("执", "执恢")]
    case = random.choice(mine if mine and random.random() < 0.8 else cases)
    return {
        "result_key": f"{court}-r{at}", "court_code": court, "case_key": case["case_key"],
        "result_on": day(random, random.choice([case["closed_on"] or case["registered_on"], date(2014, 10, 1)])), "outcome": random.choice(OUTCOMES),
        "amount_realised": random.choice([None, Decimal("10.10"), Decimal("0.01")]),
        "property_found": random.choice([None, True, False]), "is_void": random.choice([None, False, False, True]),
    }  # fmt: skip


def draw_clock_event(random: Random, court: str, at: int, cases: list[Row]) -> Row:
    """Something that a clock meets, of any case, apt or not."""
    kind, reason = random.choice(CLOCK_EVENTS)
    from_on = day(random, date(2015, 1, 15))
    months, days = random.choice([(1, None), (3, None), (None, 30)]) if kind == "extension" else (None, None)
    lasts = kind in ("deduction", "suspension") and random.random() < 0.9
    return {
        "event_key": f"{court}-e{at}", "court_code": court, "case_key": random.choice(cases)["case_key"], "kind": kind,
        "reason": reason, "from_on": from_on if kind != "extension" else None, "is_void": random.choice([None, False, False, True]),
        "to_on": day(random, from_on) if lasts else None, "approved_on": from_on if kind == "extension" else None,
        "former_procedure": random.choice(["simplified", "ordinary", None]) if kind == "procedure_change" else None,
        "extended_months": months, "extended_days": days,
    }  # fmt: skip


def draw_corrections(random: Random, cases: list[Row]) -> list[Row]:
    """Corrections of fields, some of what no row says, and now and then another number."""
    told = []
    for case in cases:
        if random.random() < 0.15:
            column = random.choice(["procedure", "closing_manner", "judge_code", "is_void", "type_code"])
            right = {"procedure": "ordinary", "closing_manner": "other", "judge_code": None, "is_void": "false",
                     "type_code": "民初"}[column]  # fmt: skip
            was = case[column]
            old = random.choice([None, None if was is None else str(was).lower() if column == "is_void" else str(was), "never"])
            told.append({"case_key": case["case_key"], "column_name": column, "old_value": old, "new_value": right})
        elif random.random() < 0.05:
            new = f"{case['case_key']}n"
            told.append({
                "case_key": case["case_key"], "column_name": "case_number", "old_value": case["case_key"], "new_value": new,
                "new_case_key": new, "new_case_number": new, "new_court_code": case["court_code"], "new_type_code": case["type_code"],
            })  # fmt: skip
    return told


def draw(random: Random, courts: int, kind: str, corrected: bool = True) -> list[Sent]:
    """Deliveries of so many courts: cases as deltas or snapshots, everything else as deltas, each extract in a refresh."""
    sent: list[Sent] = []
    per_extract: list[dict[str, list[Row]]] = [{feeds: [] for feeds in ("cases", "registrations", "enforcement_results", "clock_events")}
                                               for _ in EXTRACTS]  # fmt: skip
    corrections: list[Row] = []
    for number in range(courts):
        court, cases, stories = f"c{number:03}", [], []
        for at in range(random.randint(1, 6)):
            case = draw_case(random, court, at, cases)
            stories.append(lives(random, case))
            cases.append(stories[-1][-1][1])
        others = {
            "registrations": [draw_application(random, court, at, cases) for at in range(random.randint(0, 4))],
            "clock_events": [draw_clock_event(random, court, at, cases) for at in range(random.randint(0, 5))],
            "enforcement_results": [draw_result(random, court, at, cases) for at in range(random.randint(0, 5))],
        }
        for place, extract in enumerate(EXTRACTS):
            for story in stories:
                known = [row for since, row in story if since <= extract]
                if known and (kind == "delta" or random.random() < 0.9):
                    says = known[-1] if random.random() < 0.9 else known[0] | {"judge_code": "j9"}
                    per_extract[place]["cases"].append(dict(says))
            for feeds, rows in others.items():
                for row in rows:
                    if random.random() < 0.6:
                        per_extract[place][feeds].append(
                            row | ({"channel": None} if random.random() < 0.1 and "channel" in row else {})
                        )
        corrections += draw_corrections(random, cases) if corrected else []
    for place, (extract, feeding) in enumerate(zip(EXTRACTS, per_extract, strict=True)):
        for feeds, rows in feeding.items():
            key = {"cases": "case_key", "registrations": "application_key"}.get(feeds)
            aside = frozenset(row[key] for row in rows if key and random.random() < 0.05)
            sent.append(Sent(feeds, extract, rows, kind if feeds == "cases" else "delta", place, place + 1, aside))
    if corrections:
        sent.append(Sent("corrections", EXTRACTS[1], corrections, rank=0, refresh=2))
        again = [row | {"new_value": "simplified"} for row in corrections if row["column_name"] == "procedure"][::2]
        sent.append(Sent("corrections", EXTRACTS[2], again, rank=1, refresh=3)) if again else None
    return sent
