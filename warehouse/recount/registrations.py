"""Registration of applications: at once, within the limit, after a correction, refused (dictionary, section 3; M11, M12)."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from warehouse.recount.calendar_days import WorkingDays
from warehouse.recount.docket import Docket
from warehouse.recount.latest import accepted, latest
from warehouse.recount.tally import Groups, Numbers, Tally, days_of, grouped

FIVE = ("civil_first", "administrative_first", "private_prosecution", "compensation", "first_enforcement")
IN_FORCE = date(2015, 5, 1)
"""登记立案规定: what was received before is not under it."""
BY_APPLICATION = {"court": "court_code", "population": "population", "channel": "channel"}
COLUMNS = (
    "application_key", "court_code", "received_on", "channel", "population", "first_decision", "decided_on",
    "correction_notice_on", "corrected_material_on", "registered_on", "case_key", "delivery_no", "record", "place",
)  # fmt: skip
METRICS = (
    "same_day_registration_rate", "registration_within_limit", "registration_correction_rate", "registration_refusal_rate",
)  # fmt: skip


def decisions_of(docket: Docket) -> pl.DataFrame | None:
    """One row an application, as last told; one that a snapshot no longer names was still received. None without a source."""
    if "registrations" not in docket.rows:
        return None
    return latest(accepted(docket, "registrations").select(COLUMNS), "application_key").collect()


def count_registrations(docket: Docket, decisions: pl.DataFrame, cases: pl.DataFrame, tally: Tally) -> None:
    """All four shares."""
    five = decisions.filter(pl.col("population").is_in(FIVE))
    asked = [days_of(decisions[name]).astype(np.int64) for name in ("received_on", "corrected_material_on")]
    working = WorkingDays(docket.lists.holidays, np.concatenate(asked))
    groups = grouped(five, BY_APPLICATION)
    _count_same_day(five, groups, docket.counting_day, working, tally)
    _count_corrected(five, groups, tally)
    _count_refused(five, groups, tally)
    _count_within_limit(_limited(docket, decisions, cases), working, tally)


def _count_same_day(five: pl.DataFrame, groups: Groups, counting_day: date, working: WorkingDays, tally: Tally) -> None:
    """当场立案登记率: registered at the first decision, on the day of receipt, without a notice to correct."""
    ones = np.ones(five.height, dtype=np.int64)
    is_known = _is(five, pl.col("registered_on").is_null() | (pl.col("registered_on") <= counting_day))
    at_once = _numbers(
        five,
        (pl.col("first_decision") == "register")
        & (pl.col("decided_on") == pl.col("received_on"))
        & pl.col("correction_notice_on").is_null(),
    )
    registered = days_of(five["registered_on"])
    is_decided = pl.col("first_decision").is_in(["register", "refuse", "return"])
    decided = days_of(five.select(pl.when(is_decided).then("decided_on").otherwise("registered_on")).to_series())
    received = days_of(five["received_on"])
    is_new = is_known & _is(five, pl.col("received_on") >= IN_FORCE)
    is_registered = _is(five, pl.col("registered_on").is_not_null())
    name = "same_day_registration_rate"
    tally.flow(name, groups, registered, at_once, ones, of=is_new)
    tally.flow(f"{name}.any_date", groups, registered, at_once, ones, of=is_known)
    tally.flow(f"{name}.all_received", groups, decided, at_once, ones, of=is_new)
    tally.flow(f"{name}.cohort", groups, received, at_once, ones, of=is_new & is_registered)
    is_offline = _is(five, pl.col("channel").fill_null("none") != "online")
    tally.flow(f"{name}.offline_only", groups, registered, at_once, ones, of=is_new & is_offline)
    is_suit = _is(five, pl.col("population") != "first_enforcement")
    tally.flow(f"{name}.excluding_enforcement", groups, registered, at_once, ones, of=is_new & is_suit)
    tally.flow(f"{name}.working_days", groups, registered, at_once, ones, of=is_new & working.are(received))


def _count_corrected(five: pl.DataFrame, groups: Groups, tally: Tally) -> None:
    """Applications that were told to correct their papers, of those decided on at all, by the first decision."""
    is_decided = _is(five, pl.col("first_decision").is_in(["register", "refuse", "return", "correct"]))
    noticed = _numbers(five, pl.col("correction_notice_on").is_not_null() | (pl.col("first_decision") == "correct"))
    ones = np.ones(five.height, dtype=np.int64)
    tally.flow("registration_correction_rate", groups, days_of(five["decided_on"]), noticed, ones, of=is_decided)


def _count_refused(five: pl.DataFrame, groups: Groups, tally: Tally) -> None:
    """Applications that were refused (or returned), of those registered, refused or returned."""
    on, ones = _outcome_on(five), np.ones(five.height, dtype=np.int64)
    is_open = pl.col("registered_on").is_null()
    for name, words in (("", ["refuse"]), (".with_returns", ["refuse", "return"])):
        refused = _numbers(five, is_open & pl.col("first_decision").is_in(words))
        tally.flow(f"registration_refusal_rate{name}", groups, on, refused, ones)


def _outcome_on(decisions: pl.DataFrame) -> Numbers:
    """The day on which it was over: of the registration, else of a refusal or return."""
    is_over = pl.col("first_decision").is_in(["refuse", "return"])
    return days_of(decisions.select(pl.coalesce("registered_on", pl.when(is_over).then("decided_on"))).to_series())


def _limited(docket: Docket, decisions: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """The applications that have a limit, with its `days`: the limit of the kind of case, else that of the population."""
    limits = pl.DataFrame(
        [(row["population"], row["type_code"], row["days"]) for row in docket.lists.registration_limits],
        schema={"population": pl.String, "type_code": pl.String, "days": pl.Int32}, orient="row",
    )  # fmt: skip
    own = limits.filter(pl.col("type_code").is_not_null()).rename({"days": "own"})
    common = limits.filter(pl.col("type_code").is_null()).select("population", common="days")
    if own.height:
        kinds = cases.select("case_key", "type_code").filter(pl.col("type_code").is_in(own["type_code"].implode()))
        decisions = decisions.join(kinds, on="case_key", how="left")
    else:
        decisions = decisions.with_columns(type_code=pl.lit(None, dtype=pl.String))
    found = decisions.join(own, on=["population", "type_code"], how="left").join(common, on="population", how="left")
    return found.with_columns(days=pl.coalesce("own", "common")).filter(pl.col("days").is_not_null())


def _count_within_limit(decisions: pl.DataFrame, working: WorkingDays, tally: Tally) -> None:
    """法定期限内立案率. After a notice, which must itself be in time, the limit runs anew from the corrected material."""
    is_told = pl.col("first_decision") == "correct"
    notice = days_of(
        decisions.select(pl.coalesce("correction_notice_on", pl.when(is_told).then("decided_on"))).to_series()
    ).astype(np.int64)
    days = decisions["days"].to_numpy()
    received, material = (days_of(decisions[name]).astype(np.int64) for name in ("received_on", "corrected_material_on"))
    due, due_again = working.next(received + days), working.next(material + days)
    over = _outcome_on(decisions)
    was_told = _is(decisions, pl.coalesce("correction_notice_on", pl.when(is_told).then("decided_on")).is_not_null())
    has_material = _is(decisions, pl.col("corrected_material_on").is_not_null())
    is_open = _is(decisions, pl.col("registered_on").is_null())
    has_receipt = _is(decisions, pl.col("received_on").is_not_null())
    in_time = np.where(
        ~was_told, over <= due,
        np.where(notice > due, False, np.where(has_material, over <= due_again, is_open | (over <= due))),
    ).astype(np.int64)  # fmt: skip
    # Without a day of receipt nothing can be in time, but a decision after corrected material that has its own.
    in_time = np.where(has_receipt | (was_told & (has_material | is_open)), in_time, 0)
    groups, ones = grouped(decisions, BY_APPLICATION), np.ones(decisions.height, dtype=np.int64)
    tally.flow("registration_within_limit", groups, over, in_time, ones)
    is_new = _is(decisions, pl.col("received_on") >= IN_FORCE)
    tally.flow("registration_within_limit.since_2015", groups, over, in_time, ones, of=is_new)


def _is(frame: pl.DataFrame, predicate: pl.Expr) -> Numbers:
    """Which rows fulfil it; null is no."""
    return frame.select(predicate.fill_null(False)).to_series().to_numpy()


def _numbers(frame: pl.DataFrame, predicate: pl.Expr) -> Numbers:
    """1 where a row fulfils it, else 0."""
    return _is(frame, predicate).astype(np.int64)
