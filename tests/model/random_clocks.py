"""Random cases with random events for the clocks: the draw, not what is made of it.

Days are drawn near the changes of law, near the ends of limits and near one another, so that edges are hit: equal days,
intervals that touch or overlap, the last day of a limit and the day after, holidays. Where a last day lies, the slow clocks
tell; that aims the draw and proves nothing.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.model.slow_clocks import CODES, spans_of

Row = dict[str, Any]

COUNTING_DAY = date(2022, 6, 30)
TYPES = {
    "civil": ["民初", "民初", "民初", "民初", "民撤", "民终", "民特", "民督", "民保令", "民再", "民申"],
    "criminal": ["刑初", "刑初", "刑初", "刑初", "刑终", "刑再"],
    "administrative": ["行初", "行初", "行终", "行审", "行再"],
    "enforcement": ["执", "执恢", "执异", "执复"],
    "bankruptcy": ["破申"],
    "jurisdiction": ["民辖"],
}
PROCEDURES = ["ordinary", "simplified", "small_claims", "fast_track"]
STOPS = [
    "public_notice", "appraisal", "psychiatric_appraisal", "jurisdiction_objection", "audit_valuation", "suspension", "settlement",
    "mediation", "adjournment", "file_reading", "stay_of_enforcement", "auction",
]  # fmt: skip
CIRCUMSTANCES = [
    "detained", "sentence_over_3_years", "sentence_over_1_year", "plainly_unlawful", "foreign_related", "hk_mo_tw",
    "appeal_of_ruling", "voter_case", "urgent", "non_litigated_act", "second_instance_procedure",
]  # fmt: skip
NEW_LAWS = [date(2013, 1, 1), date(2015, 2, 4), date(2015, 5, 1), date(2016, 3, 1), date(2018, 10, 26), date(2022, 1, 1)]
HOLIDAYS = [date(2012, 10, 1), date(2013, 2, 12), date(2015, 9, 4), date(2016, 9, 15), date(2016, 10, 4), date(2017, 1, 29)]
LENGTHS = [1, 3, 7, 10, 15, 20, 30, 45, 60, 61, 91, 92, 122, 153, 183, 184, 274, 365]
"""Days that limits may take."""


FITTING = {
    "civil": CIRCUMSTANCES[4:9], "criminal": CIRCUMSTANCES[:3], "administrative": CIRCUMSTANCES[3:4],
    "enforcement": CIRCUMSTANCES[9:10],
}  # fmt: skip
EVENT = ("from_on", "to_on", "approved_on", "former_procedure", "extended_months", "extended_days")
with (CODES / "case_types.csv").open(encoding="utf-8", newline="") as file:
    COUNTS_AS = {row["code"]: row["counts_as_code"] for row in csv.DictReader(file)}


def draw_cases(random: Random, number: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Cases, their spells (with received_on of the application) and their events."""
    cases, spells, events = [], [], []
    for at in range(number):
        case = draw_case(random, f"c{at:05}")
        mine = draw_spells(random, case)
        happened = [event for spell in mine for event in draw_events(random, case, spell)]
        for order, event in enumerate(random.sample(happened, len(happened))):
            event |= {"event_key": f"{case['case_key']}-{order:02}", "case_key": case["case_key"]}
        aim(random, case, mine, happened)
        cases.append(case)
        spells += mine
        events += happened
    return cases, spells, events


def draw_case(random: Random, key: str) -> Row:
    """A case without its days."""
    family = random.choices(list(TYPES), [10, 7, 5, 3, 1, 0.3])[0]
    type_code = random.choice(TYPES[family])
    return {"case_key": key, "family": family, "type_code": type_code, "counts_as": COUNTS_AS[type_code],
            "procedure": random.choice([*PROCEDURES, *PROCEDURES[:2], "other", None]),
            "is_private_prosecution": random.choice([True, False, False, None]) if family == "criminal" else None}  # fmt: skip


def aim(random: Random, case: Row, spells: list[Row], events: list[Row]) -> None:
    """Moves some of the events of a case, and in the end the closing of its last spell, onto a last day or the day after."""
    spell = spells[-1]
    for event in random.sample(events, min(2, len(events))):
        days = last_days(case | spell, events)
        if days and event["kind"] != "circumstance" and random.random() < 0.5:
            name = "approved_on" if event["kind"] == "extension" else "from_on"
            moved = random.choice(days) + timedelta(random.choice([0, 0, 0, 1, 1, -1])) - event[name]
            event |= {key: event[key] + moved for key in ("approved_on", "from_on", "to_on") if event[key]}
    days = [day for day in last_days(case | spell, events) if day > spell["opened_on"]]
    if days and spell["closed_on"] and random.random() < 0.5:
        spell["closed_on"] = min(COUNTING_DAY, random.choice(days) + timedelta(random.choice([0, 0, 1])))


def last_days(spell: Row, events: list[Row]) -> list[date]:
    """The due dates of a spell, of all its spans."""
    spans = spans_of(spell, events, COUNTING_DAY)
    return [row[name] for row in spans for name in ("base_due_on", "lawful_due_on") if row[name]]


def draw_spells(random: Random, case: Row) -> list[Row]:
    """One spell, or two of a case that was reopened. Also those filed know their receipt, if the case knows one."""
    opened_on = draw_opening(random)
    closed_on = draw_closing(random, opened_on)
    spells = [{"case_key": case["case_key"], "opened_as": "filed", "opened_on": opened_on, "closed_on": closed_on}]
    if closed_on and random.random() < 0.15 and closed_on + timedelta(40) < COUNTING_DAY:
        again_on = closed_on + timedelta(random.choice([1, 2, 10, 40]))
        spells.append(spells[0] | {"opened_as": "reopened", "opened_on": again_on, "closed_on": draw_closing(random, again_on)})
    received_on = opened_on - timedelta(random.choice([0, 1, 5, 7, 16])) if random.random() < 0.5 else None
    return [spell | {"received_on": received_on} for spell in spells]


def draw_opening(random: Random) -> date:
    """Often a little before or on a change of law, or so long before a holiday as a limit may take."""
    drawn = random.random()
    if drawn < 0.4:
        return random.choice(NEW_LAWS) - timedelta(max(0, random.choice([0, 0, 1, *LENGTHS]) + random.randint(-2, 3)))
    if drawn < 0.8:
        return random.choice(HOLIDAYS) - timedelta(random.choice(LENGTHS) + random.randint(-4, 4))
    return date(2012, 1, 1) + timedelta(random.randrange(3800))


def draw_closing(random: Random, opened_on: date) -> date | None:
    """Often near the end of a limit, now and then on the day of opening or at a change of law; one in four is pending."""
    drawn = random.random()
    if drawn < 0.25:
        return None
    closed_on = opened_on + timedelta(max(0, random.choice(LENGTHS) + random.randint(-2, 6)))
    if drawn < 0.35:
        later = [day for day in NEW_LAWS if day >= opened_on]
        closed_on = (later[0] if later else opened_on) + timedelta(random.choice([-1, 0, 1]))
    return max(opened_on, closed_on) if max(opened_on, closed_on) <= COUNTING_DAY else None


def draw_events(random: Random, case: Row, spell: Row) -> list[Row]:
    """Up to nine events near one another, most of reasons that apply to the family."""
    opened_on, until = spell["opened_on"], spell["closed_on"] or min(COUNTING_DAY, spell["opened_on"] + timedelta(400))
    anchors = [opened_on, until, *(opened_on + timedelta(random.choice(LENGTHS)) for _ in range(3))]
    anchors += [day for day in NEW_LAWS if opened_on <= day <= until]

    def day() -> date:
        return random.choice(anchors) + timedelta(random.choice([-3, -1, -1, 0, 0, 0, 0, 1, 1, 2, 5]))

    kinds = random.choices(
        ["stop", "extension", "change", "restart", "circumstance"], [10, 6, 5, 2, 3], k=random.choice(range(10))
    )
    events = [dict.fromkeys(EVENT) | DRAW[kind](random, case, day) for kind in kinds]
    if random.random() < 0.3:
        # One that begins where another ends.
        ends = [event["to_on"] for event in events if event.get("to_on")]
        anchors[:] = ends or anchors
        events.append(dict.fromkeys(EVENT) | draw_stop(random, case, day))
    return events


def draw_stop(random: Random, case: Row, day: Any) -> Row:
    """A deduction or suspension: of some days, or still going on."""
    fits = {"enforcement": STOPS[10:] + STOPS[4:6], "criminal": ["psychiatric_appraisal", "adjournment", "file_reading"]}
    reason = random.choice(fits.get(case["family"], STOPS[:6]) if random.random() < 0.7 else STOPS)
    kind = "suspension" if reason == "suspension" and random.random() < 0.6 else "deduction"
    from_on = day()
    to_on = from_on + timedelta(random.choice([0, 0, 1, 2, 4, 9, 9, 30, 90])) if random.random() < 0.93 else None
    return {"kind": kind, "reason": reason, "from_on": from_on, "to_on": to_on}


def draw_extension(random: Random, case: Row, day: Any) -> Row:
    """An extension by months, by days, by both or by nothing."""
    months, days = random.choice([(1, None), (3, None), (6, 0), (6, None), (None, 30), (0, 15), (1, 15), (None, None)])
    reason = random.choice(["president", "higher_court", "high_court", "supreme_court"])
    return {"kind": "extension", "reason": reason, "approved_on": day(), "extended_months": months, "extended_days": days}


def draw_change(random: Random, case: Row, day: Any) -> Row:
    """A change of procedure, whatever it was before."""
    former = random.choice([*PROCEDURES, "simplified"])
    to = random.choice([*PROCEDURES, "ordinary", "ordinary"])
    return {"kind": "procedure_change", "reason": to, "from_on": day(), "former_procedure": former}


def draw_restart(random: Random, case: Row, day: Any) -> Row:
    """A restart, now and then of a case that is not criminal."""
    reason = random.choice(["supplementary_investigation", "changed_jurisdiction"])
    return {"kind": "restart", "reason": reason, "from_on": day()}


def draw_circumstance(random: Random, case: Row, day: Any) -> Row:
    """A circumstance; it has a day or none, which means nothing."""
    fitting = FITTING.get(case["family"], CIRCUMSTANCES) if random.random() < 0.8 else CIRCUMSTANCES
    return {"kind": "circumstance", "reason": random.choice(fitting), "from_on": random.choice([None, day()])}


DRAW = {"stop": draw_stop, "extension": draw_extension, "change": draw_change, "restart": draw_restart,
        "circumstance": draw_circumstance}  # fmt: skip
