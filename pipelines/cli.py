"""The command line: what can be called, with which options. Answers are made elsewhere; heavy imports wait until then."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

LATER = {
    "export": "static site, workbook, bulletin",
    "backup": "a consistent copy",
    "restore": "its restoration",
}
"""Commands of the interface that are not built yet: they exit 2 and say so."""


STATUSES = ("open", "rectified", "sent_again", "no_case")
"""What became of a row that was set aside."""
CHORES = ("refresh", "release", "erase", "verify", "rebuild", "doctor", "sample", "serve")
"""Commands that do something; the others ask."""
COMPARING = ("compare", "bridge")
"""Commands that say what changed, or what lies between two figures."""
FINDING_STATUSES = ("open", "accepted", "rectified", "completed", "all")
"""What became of a finding."""
AUDITING = ("audit", "sql", "landing")
"""Commands of auditors: each is put on the access log."""
DECIDING = ("trend", "survival", "forecast", "plan")
"""Commands that a person decides by: estimates and what they need."""


class Usage(Exception):
    """Wrong usage: exit 2."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message}. See `{self.prog} --help`")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit code. Errors are one line on standard error, without a traceback (`--debug` shows it)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options, rest = parser().parse_known_args(words)
        if rest and options.command not in LATER:
            raise Usage(f"unrecognized arguments: {' '.join(rest)}. See `caseload --help`")
        return _run(options)
    except Usage as error:
        print(f"caseload: {_line(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (as `head`) has enough; what is left must not be flushed at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("caseload: stopped. Run it again when you like: nothing needs to be cleaned up.", file=sys.stderr)
        return 130


def entry() -> NoReturn:
    """The installed command. Leaves without taking three thousand modules apart, which costs a refresh 0.5 s (measured):
    everything is closed and on disk when `main` returns.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _run(options: argparse.Namespace) -> int:
    from pipelines import answers, auditing, chores, comparing, deciding, desk, worklist

    if options.command in LATER:
        raise Usage(f"`caseload {options.command}` ({LATER[options.command]}) is not built yet. See `caseload --help`")
    is_release = options.command == "quarantine" and options.action == "release"
    command = "release_rows" if is_release else options.command
    rooms = dict.fromkeys(CHORES, chores) | dict.fromkeys(COMPARING, comparing) | dict.fromkeys(DECIDING, deciding)
    rooms |= {"findings": worklist, "patterns": worklist, "drift": worklist} | dict.fromkeys(AUDITING, auditing)
    room = chores if is_release else rooms.get(command, answers)
    handler: Callable[[argparse.Namespace], int] = getattr(room, f"answer_{command}")
    try:
        return handler(options)
    except desk.EXPECTED as error:
        if options.debug:
            raise
        print(f"caseload: {_line(str(error))}", file=sys.stderr)
        return desk.exit_of(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        if options.debug:
            raise
        where = f" [{error.filename}]" if error.filename else ""
        print(f"caseload: the system refused{where}: {error.strerror}. Check permissions and disk", file=sys.stderr)
        return 1


def _line(text: str) -> str:
    one = "; ".join(line.strip() for line in text.splitlines() if line.strip())
    return one if one.endswith((".", "`", ")")) else f"{one}."


def parser() -> argparse.ArgumentParser:
    """All commands and options."""
    top = _Parser(prog="caseload", description="Court caseload figures that an auditor believes.")
    top.add_argument("--version", action=_Version, nargs=0, help="the version of the program")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--profile", help="a profile's name or the path of its folder (default: shengzhou)")
        command.add_argument("--home", help="where data live (default: warehouse/data beside caseload.toml)")
        command.add_argument("--lang", choices=("zh", "en"), help="language of words")
        command.add_argument("--debug", action="store_true", help="show tracebacks and the run's own log")
        return command

    refresh = add("refresh", "take what is new in the inbox, count, check, publish")
    refresh.add_argument("--sample", action="store_true", help="first put the profile's own deliveries into its inbox")
    refresh.add_argument("--preview", action="store_true", help="say what would change, publish nothing")
    refresh.add_argument("--accept-shrink", metavar="SOURCE", help="take snapshots of a source that lost many rows")
    refresh.add_argument("--accept-revision", action="store_true", help="let closed years move further than the profile allows")
    refresh.add_argument("--why", metavar="W", help="of what is accepted: why, for the record")

    status = add("status", "how the last refresh went, what is withheld, what was refused, when the next one runs")
    status.add_argument("--json", action="store_true")
    status.add_argument("--history", action="store_true", help="all publications as well")
    add("refreshes", "the publications").add_argument("--json", action="store_true")
    _figures(add("figures", "the published figures"))
    _totals(add("totals", "totals that a source published, with what it said before"))
    _trend(add("trend", "the months of a figure on a control chart, with the rules that fired"))
    survival = add("survival", "how long cases last, pending ones among them (Kaplan–Meier)")
    _span(survival)
    _scope(survival)
    forecast = add("forecast", "filings, closings and pending cases of the coming months, with past errors")
    forecast.add_argument("--months", type=int, default=6, metavar="N", help="how far to look ahead (default 6)")
    _scope(forecast)
    _plan(add("plan", "so many closings a month clear the backlog by …"))

    reconcile = add("reconcile", "published totals beside ours, and what other courts printed by our formulas")
    reconcile.add_argument("--json", action="store_true")

    explain = add("explain", "from a figure to the lines it was counted from")
    explain.add_argument("figure", metavar="FIGURE_ID", help="as filed/2016-03/family=civil[@r000001], or case:KEY")
    explain.add_argument("--rows", type=int, default=20, metavar="N", help="how many rows to show (default 20)")
    explain.add_argument("--case", metavar="KEY", help="why a case is counted in the figure, or is not")
    explain.add_argument("--as-of", metavar="REFRESH|DATE")
    explain.add_argument("--json", action="store_true")

    _compare(add("compare", "what changed between two publications, and the causes, which add up"))

    bridge = add("bridge", "what lies between two figures that people confuse, term by term")
    bridge.add_argument(
        "figures", nargs=2, metavar="FIGURE_ID", help="as closing_rate_cn/2016 and disposal_filing_ratio_cn/2016"
    )
    bridge.add_argument("--as-of", metavar="REFRESH|DATE")
    bridge.add_argument("--json", action="store_true")

    sources = add("sources", "the contracts")
    sources.add_argument("action", choices=("list", "check", "infer"))
    sources.add_argument("file", nargs="?")
    sources.add_argument("--source")
    sources.add_argument("--json", action="store_true")

    quarantine = add("quarantine", "rows set aside: reason, file, line, fields")
    quarantine.add_argument("action", choices=("list", "show", "release"))
    quarantine.add_argument("--source", help="rows of one source only")
    quarantine.add_argument("--reason", metavar="CODE", help="rows of one cause only, as DQ16, TYPE, TORN, NO_CASE")
    quarantine.add_argument("--status", choices=STATUSES, help="rows of one status only")
    quarantine.add_argument("--as-of", metavar="REFRESH|DATE")
    quarantine.add_argument("--why", metavar="W", help="with release: why, for the record")
    quarantine.add_argument("--json", action="store_true")

    release = add("release", "show a withheld figure of the last publication all the same, on record")
    release.add_argument("figure", metavar="FIGURE_ID", help="as figures and explain print it")
    release.add_argument("--why", metavar="W", help="why, for the record")

    erase = add("erase", "erase a person: their rows in the stored originals, and everything made of them")
    erase.add_argument("key", metavar="KEY", help="a case number, a case key or an application key, as written")
    erase.add_argument("--source", metavar="SOURCE", help="where the key is looked for, if two sources have the same")
    erase.add_argument("--why", metavar="W", help="for the record; must not name the person")
    erase.add_argument("--preview", action="store_true", help="say which files, lines and columns, change nothing")
    erase.add_argument("--json", action="store_true")

    quality = add("quality", "the rules and their verdicts on the last refresh")
    quality.add_argument("--as-of", metavar="REFRESH|DATE")
    quality.add_argument("--json", action="store_true")
    _findings(add("findings", "the worklist: what is to be mended, by whom, and what became of it"))
    patterns = add("patterns", "patterns that may be signs of gaming, in neutral words, with their cases")
    patterns.add_argument("id", nargs="*", metavar="ID", help="of these alone, with their cases")
    patterns.add_argument("--as-of", metavar="REFRESH|DATE")
    patterns.add_argument("--json", action="store_true")
    drift = add("drift", "deliveries that are unlike those before them: alarms that inform, and case numbers that are missing")
    drift.add_argument("--as-of", metavar="REFRESH|DATE")
    drift.add_argument("--source", metavar="SOURCE", help="of this source alone")
    drift.add_argument("--all", action="store_true", help="every measure: what it says, why its limits are so, how it stands")
    drift.add_argument("--json", action="store_true")
    metrics = add("metrics", "the dictionary of metrics")
    metrics.add_argument("id", nargs="?", metavar="ID")
    metrics.add_argument("--json", action="store_true")

    verify = add("verify", "ledger, every stored byte, publication; each fault by its name")
    verify.add_argument("--full", action="store_true", help="also replay everything and compare every cell")
    verify.add_argument("--figures", type=int, default=0, metavar="N", help="also take N random figures back to their lines")
    verify.add_argument("--seed", type=int, default=0, metavar="S", help="which figures are drawn (default 0)")
    verify.add_argument("--head", action="append", default=[], metavar="SIZE:HEX", help="an old head that must still hold")
    verify.add_argument("--json", action="store_true")
    ledger = add("ledger", "the head of the ledger, and proofs with it")
    ledger.add_argument("action", choices=("head", "prove", "consistent"))
    ledger.add_argument("which", nargs="?", metavar="WHICH", help="prove: the number of an event; consistent: an old SIZE:HEX")
    ledger.add_argument("--json", action="store_true")
    add("rebuild", "replay the ledger into a new warehouse, compare, swap")
    add("doctor", "set-up, permissions, disk, versions; each with its remedy")

    sample = add("sample", "synthetic deliveries of any size, as DIR/SOURCE/…")
    sample.add_argument("dir", metavar="DIR")
    sample.add_argument("--cases", type=int, default=54456, metavar="N")
    sample.add_argument("--seed", type=int, default=683, metavar="S")

    serve = add("serve", "the dashboard, on this machine's loopback, until it is stopped")
    serve.add_argument("--host", default="127.0.0.1", metavar="HOST", help="of the loopback (default 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, metavar="PORT", help="0 takes any that is free (default 8000)")

    _audit(add)

    for name, text in LATER.items():
        later = add(name, f"{text} (not built yet)")
        later.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return top


def _compare(compare: argparse.ArgumentParser) -> None:
    compare.add_argument("earlier", metavar="REFRESH", help="a publication, as r000012, or a day")
    compare.add_argument("later", metavar="REFRESH")
    compare.add_argument("metric", nargs="?", metavar="METRIC[.VARIANT]", help="default: every figure that changed")
    _asking(compare, "month")
    compare.add_argument("--rows", type=int, default=3, metavar="N", help="how many cases of each cause to show (default 3)")
    compare.add_argument("--json", action="store_true")


def _audit(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    audit = add("audit", "lists for auditors, from a library of queries, and evidence bundles; each is on record")
    audit.add_argument("name", metavar="NAME", help="`list` shows the library; `bundle` makes an evidence bundle of FIGURE")
    audit.add_argument("figure", nargs="?", metavar="FIGURE", help="of a bundle: METRIC[.VARIANT]/PERIOD[/dim=value][@REFRESH]")
    audit.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="as days=30; may be given again")
    audit.add_argument("--rows", type=int, default=50, metavar="N", help="how many rows to show (default 50; files have all)")
    audit.add_argument("--output", metavar="FILE", help="writes all rows to a workbook (.xlsx); of a bundle, its name (.zip)")
    audit.add_argument("--head", metavar="SIZE:HEX", help="of a bundle: a head of an earlier day, for a proof up from it")
    audit.add_argument("--as-of", metavar="REFRESH|DATE")
    audit.add_argument("--json", action="store_true")

    sql = add("sql", "one read-only statement on schema published; each is on record")
    sql.add_argument("statement", nargs="?", metavar="SELECT", help="one SELECT, or Q000012 to ask an earlier one again")
    sql.add_argument("--rows", type=int, default=1000, metavar="N", help="at most so many rows (default 1000)")
    sql.add_argument("--save", metavar="TITLE", help="a title for the record, by which people find it again")
    sql.add_argument("--tables", action="store_true", help="which tables and columns can be asked")
    sql.add_argument("--list", action="store_true", help="what was asked before, each with its address")
    sql.add_argument("--json", action="store_true")

    landing = add("landing", "the stored originals, byte for byte; each look is on record")
    landing.add_argument("action", choices=("list", "cat"))
    landing.add_argument("sha256", nargs="?", metavar="SHA256", help="with cat: the original, or the first digits of its name")
    landing.add_argument("--json", action="store_true")


def _findings(findings: argparse.ArgumentParser) -> None:
    findings.add_argument("action", choices=("list", "history", "accept", "confirm", "export", "import"))
    findings.add_argument("what", nargs="*", metavar="WHAT", help="accept, confirm: findings, as F000123; import: workbooks")
    findings.add_argument("--status", choices=FINDING_STATUSES, default="open", help="of one status only (default open)")
    findings.add_argument("--rule", metavar="CODE", help="of one rule only, as DQ16, TYPE, TORN")
    findings.add_argument("--court", metavar="CODE")
    findings.add_argument("--bench", metavar="CODE")
    findings.add_argument("--as-of", metavar="REFRESH|DATE")
    findings.add_argument("--why", metavar="W", help="with accept: why it may stay as it is, for the record; names nobody")
    findings.add_argument("--until", metavar="DAY", help="with accept: the last day, within a year")
    findings.add_argument("--by", choices=("rule", "source", "court", "file"), help="with history: told apart by")
    findings.add_argument("--output", metavar="FOLDER", default=".", help="with export: where the workbooks go (default here)")
    findings.add_argument("--json", action="store_true")


def _trend(trend: argparse.ArgumentParser) -> None:
    trend.add_argument("metric", metavar="METRIC[.VARIANT]")
    _span(trend)
    trend.add_argument("--calendar", metavar="ID")
    trend.add_argument("--by", default="", metavar="court,family,…")
    _scope(trend)
    trend.add_argument("--break", dest="breaks", action="append", default=[], metavar="MONTH",
                       help="a month at which the series begins anew; may be repeated")  # fmt: skip


def _plan(plan: argparse.ArgumentParser) -> None:
    plan.add_argument("--closings", type=int, metavar="N", help="closings a month: by when is the backlog cleared?")
    plan.add_argument("--by", dest="until", metavar="MONTH", help="as 2017-06: how many closings a month are needed?")
    plan.add_argument("--left", type=int, default=0, metavar="N", help="how many may stay pending (default 0)")
    _scope(plan)


def _span(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="first", metavar="PERIOD", help="as 2012-01 (default: where the data begin)")
    command.add_argument("--to", dest="last", metavar="PERIOD", help="as 2016-10 (default: the counting day)")


def _scope(command: argparse.ArgumentParser) -> None:
    command.add_argument("--where", action="append", default=[], metavar="family=civil")
    command.add_argument("--as-of", metavar="REFRESH|DATE")
    command.add_argument("--json", action="store_true")


def _asking(command: argparse.ArgumentParser, period: str) -> None:
    _span(command)
    command.add_argument("--period", choices=("month", "quarter", "half", "year", "range"), default=period)
    command.add_argument("--calendar", metavar="ID")
    command.add_argument("--by", default="", metavar="court,family,…")
    command.add_argument("--where", action="append", default=[], metavar="family=civil")


def _figures(figures: argparse.ArgumentParser) -> None:
    figures.add_argument("metric", nargs="?", metavar="METRIC[.VARIANT]", help="default: the headline figures")
    _asking(figures, "range")
    figures.add_argument("--as-of", metavar="REFRESH|DATE")
    figures.add_argument(
        "--compare", choices=("previous", "year"), help="beside the period before, or the same one a year before"
    )
    figures.add_argument("--format", choices=("table", "json", "csv", "xlsx"), default="table")
    figures.add_argument("--output", metavar="FILE", help="where a workbook goes (default figures.xlsx)")


def _totals(totals: argparse.ArgumentParser) -> None:
    totals.add_argument("measure", nargs="?", metavar="MEASURE", help="default: which measures there are")
    totals.add_argument("--source", metavar="SOURCE", help="where several sources publish it")
    totals.add_argument("--where", action="append", default=[], metavar="area=Dallas")
    totals.add_argument("--from", dest="first", metavar="PERIOD", help="as 2022-01, 2022-Q1 or 2022-01-31")
    totals.add_argument("--to", dest="last", metavar="PERIOD", help="as 2022-11")
    totals.add_argument("--as-of", metavar="REFRESH|DATE")
    totals.add_argument("--history", action="store_true", help="every version, with the delivery that brought it")
    totals.add_argument("--json", action="store_true")


class _Version(argparse.Action):
    """Looked up only when it is printed: reading the package's metadata takes time."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from pipelines.settings import program_version

        print(f"caseload {program_version()}")
        parser.exit()


if __name__ == "__main__":
    entry()
