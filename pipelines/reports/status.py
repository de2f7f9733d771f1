"""How the last refresh went: what `caseload status` says, as an object and as lines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.reports.words import SYNTHETIC, say, withheld_lines
from warehouse.catalogue.profile import Settings
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.last_run import LastRun, read_last_run
from warehouse.store.place import Place
from warehouse.store.swap import AnotherRefreshRuns, locked


def status_of(place: Place, profile: Settings) -> dict[str, Any]:
    """The publication, the last run and its verdict, what is withheld, what was refused, the next run.

    Fresh means: the last run ended well and is not older than the profile allows. The age is that of the run, not of the
    data: a court that sends nothing has no stale pipeline.
    """
    status: dict[str, Any] = {"profile": profile.id, "refresh_id": None, "published_at": None, "counting_day": None,
                              "is_synthetic": None, **run_of(place, profile)}  # fmt: skip
    if place.warehouse.exists():
        with snapshot(place.warehouse) as snap:
            refresh = snap.refresh
            status |= {
                "refresh_id": refresh.id, "published_at": refresh.published_at, "counting_day": str(refresh.counting_day),
                "is_synthetic": refresh.is_synthetic,
                "withheld": [{"metric": g.metric, "court": g.court_code, "family": g.family, "case_type": g.case_type,
                              "reason": g.reason} for g in snap.gates],
            }  # fmt: skip
    status["is_fresh"] = status["verdict"] in ("fresh", "running") and status["refresh_id"] is not None
    return status


def run_of(place: Place, profile: Settings) -> dict[str, Any]:
    """Of the same what no publication is opened for: the last run, its verdict and failure, refused files, the next run."""
    now = datetime.now(ZoneInfo(profile.time_zone))
    run = read_last_run(place)
    return {
        "last_run": run.at if run else None, "verdict": _verdict(place, run, profile, now),
        "failure": run.failure if run else None, "withheld": [], "refused": _refused(place, run),
        "next_run": _next(profile, now),
    }  # fmt: skip


def _verdict(place: Place, run: LastRun | None, profile: Settings, now: datetime) -> str:
    if run is None:
        return "never ran"
    if run.state == "running":
        return "running" if _is_held(place) else "cut short"
    if run.state == "failed":
        return "failed"
    return "stale" if now - run.began > timedelta(hours=profile.stale_after_hours) else "fresh"


def _is_held(place: Place) -> bool:
    try:
        with locked(place):
            return False
    except AnotherRefreshRuns:
        return True


def _refused(place: Place, run: LastRun | None) -> list[dict[str, Any]]:
    """Files that the last run refused and that are still there."""
    refused = run.refused if run else ()
    return [
        {"source": one.source, "file": one.file, "reason": one.reason, "is_waiting": one.is_waiting}
        for one in refused
        if one.is_pulled or (place.inbox / one.source / one.file).exists() or (place.inbox / one.file).exists()
    ]


def _next(profile: Settings, now: datetime) -> str:
    hour, minute = profile.nightly.split(":")
    today = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    return (today if today > now else today + timedelta(days=1)).isoformat(timespec="minutes")


def status_lines(status: dict[str, Any], lang: str) -> list[str]:
    """The same for a person."""
    lines = [f"{status['profile']}: {status['verdict']}"]
    if status["refresh_id"]:
        lines.append(f"  published {status['refresh_id']} at {status['published_at']}, counted to {status['counting_day']}")
    else:
        lines.append("  nothing is published yet: put files into the inbox and run `caseload refresh`")
    lines += [f"  {say(SYNTHETIC, lang)}"] if status["is_synthetic"] else []
    lines += [f"  {status['failure']}"] if status["failure"] else []
    withheld = withheld_lines((one["metric"], one["reason"]) for one in status["withheld"])
    lines += [f"  {line}" for line in withheld] or ["  nothing is withheld"]
    lines += [f"  refused: {one['reason']}" for one in status["refused"]]
    return [
        *lines,
        f"  last run {status['last_run'] or 'never'}, next run {status['next_run']} (where `make ui` or a scheduler runs)",
    ]
