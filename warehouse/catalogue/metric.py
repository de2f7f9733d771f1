"""Metric definitions: `warehouse/definitions/<metric>.yml`. Their membership queries stand in sql/metrics/."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from warehouse.catalogue.documents import Document, fault, load, nearest
from warehouse.catalogue.query import HOUSE

Kind = Literal["flow", "stock", "share", "mean", "ratio"]
RATES: tuple[Kind, ...] = ("share", "mean", "ratio")
"""The kinds that are a numerator over a denominator, divided last."""

DIMENSIONS = (
    "court", "family", "counts_as", "case_type", "procedure", "bench", "judge",
    "population", "channel", "closing_manner", "part",
)  # fmt: skip
"""The keys of `--by` and `--where`, and `part` of the metrics that have parts; the columns of metrics.cells."""


DAYS = "days"
"""In a formula: the days of the span; 365 of a whole year, also of a leap year, as CEPEJ has it."""


class Target(Document):
    """A floor to be reached, with its source."""

    value: float = Field(gt=0, lt=1)
    source: str


class Variant(Document):
    """A reading of the metric that differs by parameters alone."""

    name_zh: str
    name_en: str
    formula_id: str = ""
    """Where several formulas go by one name: which of them this is."""
    note_zh: str = ""
    note_en: str = ""
    parameters: dict[str, str | date | int | bool | None] = Field(default_factory=dict)
    formula: str = ""
    """Of a ratio: its other formula. Readings of its parts are named `metric.variant`."""
    in_force_from: date | None = None
    official: bool = True


class Metric(Document):
    """One metric with all its readings."""

    id: str
    kind: Kind
    unit: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    formula: str
    formula_id: str = ""
    """Where several formulas go by one name: which of them this is."""
    population: str
    date_rule: str
    exclusions: str
    scope: str
    source: str
    dimensions: tuple[str, ...] = ()
    at: Literal["start", "end"] = "end"
    """For stocks: counted before the first day, or at the end of the last day of a period."""
    query: str | None = None
    """The membership query, where several metrics share one; it selects `$metric`. By default the one called by the id."""
    direction: Literal["higher", "lower", "none"] = "none"
    target: Target | None = None
    in_force_from: date | None = None
    parameters: dict[str, str | date | int | bool | None] = Field(default_factory=dict)
    variants: dict[str, Variant] = Field(default_factory=dict)
    needs: tuple[str, ...] = ()
    """What a profile must deliver for the metric to apply: sources, and columns as `cases.closed_on`."""
    uses: tuple[str, ...] = ()
    """Sources that it counts from as well, where a profile delivers them: what is wrong with their rows withholds it too."""
    headline: int | None = None
    """Its place among the figures shown first."""
    version: str = ""

    @model_validator(mode="after")
    def _dimensions_are_known(self) -> Metric:
        for name in self.dimensions:
            if name not in DIMENSIONS:
                raise ValueError(f"there is no dimension [{name}]. {nearest(name, list(DIMENSIONS))}")
        if self.kind == "ratio":
            self.parts  # noqa: B018  (parsing is the check)
            if self.query:
                raise ValueError(f"a ratio has no query, and this one names [{self.query}]")
        for name, variant in self.variants.items():
            if bool(variant.formula) != (self.kind == "ratio"):
                raise ValueError(f"the variant [{name}] {'needs a' if self.kind == 'ratio' else 'has no'} formula")
        return self

    @property
    def members(self) -> str:
        """The name of its membership query below `sql/`, as `metrics/filed`. A ratio has none."""
        return f"metrics/{self.query or self.id}"

    @property
    def parts(self) -> tuple[str, ...]:
        """Of a ratio: the metrics that any of its formulas names, in order. Other kinds are made of none."""
        if self.kind != "ratio":
            return ()
        named = [part for variant in (None, *self.variants) for part in self.parts_of(variant)]
        return tuple(dict.fromkeys(part.partition(".")[0] for part in named))

    def formula_of(self, variant: str | None) -> str:
        """The formula of a reading."""
        return (self.variants[variant].formula or self.formula) if variant else self.formula

    def parts_of(self, variant: str | None) -> tuple[str, ...]:
        """Of a reading of a ratio: what its formula names, `metric` or `metric.variant`, in order; of other kinds nothing."""
        return named_in(self.formula_of(variant)) if self.kind == "ratio" else ()


class NotCounted(Document):
    """A metric that people ask for and that no cells are counted for, with the reason."""

    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str
    source: str
    asked_with: str = ""
    """The command that answers it all the same; without one, nothing does."""


class NotCountedList(Document):
    """All of them by id; `warehouse/not_counted.yml`."""

    metrics: dict[str, NotCounted]


@cache
def not_counted(house: Path = HOUSE) -> dict[str, NotCounted]:
    """The metrics that are not counted, by id.

    Raises:
        DefinitionError: with file, line and mend.
    """
    return load(house / "warehouse/not_counted.yml", NotCountedList).metrics


def unknown_metric(name: str, known: Sequence[str]) -> str:
    """What to say where there is no such metric: how it is asked, why it is not counted, or which names are near."""
    refused = not_counted().get(name)
    if refused and refused.asked_with:
        return f"{name} ({refused.name_zh}) is no sum of cells: {refused.reason_en}. Ask `{refused.asked_with}`"
    if refused:
        return f"{name} ({refused.name_zh}) is not counted: {refused.reason_en}. Ask `caseload metrics` for what is"
    return f"there is no metric [{name}]. {nearest(name, list(known))}"


@cache
def named_in(formula: str) -> tuple[str, ...]:
    """The readings that a formula names, in order; the days of the span (`days`) are none."""
    tree = parse_formula(formula)
    inner = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    named = [n for n in ast.walk(tree) if isinstance(n, ast.Name | ast.Attribute) and id(n) not in inner]
    return tuple(name for name in dict.fromkeys(ast.unparse(n) for n in named) if name != DAYS)


def parse_formula(text: str) -> ast.expr:
    """The formula of a ratio as a tree of names of metrics (`filed`, `filed.core`), `days`, whole numbers and + - * /.

    Raises:
        ValueError: anything else stands in it.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ValueError(f"the formula [{text}] is no arithmetic of metrics") from None
    allowed = (ast.BinOp, ast.Name, ast.Attribute, ast.Constant, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Load)
    for node in ast.walk(tree):
        is_deep = isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name)
        if is_deep or not isinstance(node, allowed) or (isinstance(node, ast.Constant) and type(node.value) is not int):
            raise ValueError(f"the formula [{text}] holds more than metrics, numbers and + - * /")
    return tree


def read_metrics(folder: Path, sql: Path) -> dict[str, Metric]:
    """All definitions by id; a version of each made from its text and its query's.

    Raises:
        DefinitionError: with file, line and mend.
    """
    found = {path: load(path, Metric) for path in sorted(folder.glob("*.yml"))}
    readings = {m.id for m in found.values()} | {f"{m.id}.{name}" for m in found.values() for name in m.variants}
    for path, metric in found.items():
        if metric.id != path.stem:
            raise fault(path, "id:", f"the id is [{metric.id}] in a file named [{path.stem}]", "Make them equal")
    for path, metric in found.items():
        has_query = (sql / f"{metric.members}.sql").is_file()
        if has_query == (metric.kind == "ratio"):
            where = "query:" if metric.query else "kind:"
            raise fault(path, where, f"a {metric.kind} {'has no' if has_query else 'needs a'} membership query",
                        f"{'Take away' if has_query else 'Add'} sql/{metric.members}.sql")  # fmt: skip
        for part in (part for variant in (None, *metric.variants) for part in metric.parts_of(variant)):
            if part not in readings:
                said = f"the formula names [{part}], which is no metric"
                raise fault(path, "formula:", said, nearest(part, sorted(readings)))
    return {metric.id: _settled(metric, path, sql, found) for path, metric in found.items()}


def _settled(metric: Metric, path: Path, sql: Path, found: dict[Path, Metric]) -> Metric:
    digest = hashlib.sha256(path.read_bytes())
    if metric.kind != "ratio":
        digest.update((sql / f"{metric.members}.sql").read_bytes())
        return metric.model_copy(update={"version": digest.hexdigest()[:12]})
    parts = [m for m in found.values() if m.id in metric.parts]
    shared = tuple(d for d in DIMENSIONS if all(d in m.dimensions for m in parts))
    needs = tuple(dict.fromkeys(source for m in parts for source in m.needs))
    uses = tuple(dict.fromkeys(source for m in parts for source in m.uses))
    return metric.model_copy(update={"version": digest.hexdigest()[:12], "dimensions": shared, "needs": needs, "uses": uses})
