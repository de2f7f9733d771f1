"""Metric definitions: `warehouse/definitions/<metric>.yml`. Their membership queries stand in sql/metrics/."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping, Sequence
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
    source_zh: str = ""


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
    of_scope: str = ""
    """The scope that it was made from; of a flow or stock it is read from the cells of the metric itself and has none."""
    scope: str = ""
    """What is counted, where that differs from the metric's own."""
    scope_zh: str = ""
    leaves_out: tuple[str, ...] = ()
    """Values of `counts_as` that do not count here."""
    what_zh: str = ""
    """What is left out, in a word."""
    what_en: str = ""
    adds: str = ""
    """The metric whose count comes on top."""
    widens: bool = False
    """Whether the scope takes in what other figures never count, so that its values of dimensions occur."""


class Scope(Document):
    """A way to narrow or widen what is counted (`warehouse/scopes/<scope>.yml`): the same reading of each metric that names it.

    It is read from cells by `counts_as`, which is exact since every case has one; a query of its own it needs only for what
    it adds.
    """

    id: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    scope: str
    scope_zh: str = ""
    leaves_out: tuple[str, ...] = ()
    what_zh: str = ""
    """What is left out, in a word."""
    what_en: str = ""
    adds: dict[str, str] = Field(default_factory=dict)
    """By metric: the one whose count comes on top. Metrics that are not named have nothing to add."""
    source: str
    source_zh: str = ""

    def of(self, metric: Metric) -> Variant:
        """The reading of a metric in this scope; of a ratio each part is read in it."""
        told = Variant(
            name_zh=f"{metric.name_zh}（{self.name_zh}）", name_en=f"{metric.name_en}, {self.name_en}", note_zh=self.note_zh,
            note_en=self.note_en, of_scope=self.id, scope=self.scope, scope_zh=self.scope_zh, widens=bool(self.adds),
        )  # fmt: skip
        if metric.kind == "ratio":
            return told.model_copy(update={"formula": read_in(metric.formula, self.id)})
        own = {"leaves_out": self.leaves_out, "what_zh": self.what_zh, "what_en": self.what_en}
        return told.model_copy(update={**own, "adds": self.adds.get(metric.id, "")})


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
    population_zh: str = ""
    """Chinese, as the four below: empty in a definition of before there was any. A test holds that none is empty here."""
    date_rule: str
    date_rule_zh: str = ""
    exclusions: str
    exclusions_zh: str = ""
    scope: str
    scope_zh: str = ""
    source: str
    source_zh: str = ""
    counts_only: tuple[str, ...] = ()
    """What its cases count as, where it knows cases of few kinds (`counts_as` of the code list); empty: of any."""
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
    scopes: tuple[str, ...] = ()
    """Scopes in which it is read as well; each becomes a variant of that name."""
    is_outside: bool = False
    """Whether it counts what no other metric counts: its values of dimensions occur in it alone."""
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
    def counted_variants(self) -> dict[str, Variant]:
        """The readings with cells of their own; those of a scope are read from the cells of the metric."""
        return {name: variant for name, variant in self.variants.items() if not variant.of_scope}

    @property
    def added(self) -> tuple[str, ...]:
        """The metrics whose counts any of its readings adds."""
        return tuple(dict.fromkeys(variant.adds for variant in self.variants.values() if variant.adds))

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


def read_in(formula: str, variant: str) -> str:
    """A formula with each of its metrics in one reading: `closed / filed` as `closed.core / filed.core`."""

    class Named(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return node if node.id == DAYS else ast.Attribute(node, variant, ast.Load())

    return ast.unparse(Named().visit(parse_formula(formula)))


def read_scopes(folder: Path) -> dict[str, Scope]:
    """All scopes by id; none in the bundle of a day that knew none.

    Raises:
        DefinitionError: with file, line and mend.
    """
    found = {path: load(path, Scope) for path in sorted(folder.glob("*.yml"))}
    for path, scope in found.items():
        if scope.id != path.stem:
            raise fault(path, "id:", f"the id is [{scope.id}] in a file named [{path.stem}]", "Make them equal")
    return {scope.id: scope for scope in found.values()}


def read_metrics(folder: Path, sql: Path) -> dict[str, Metric]:
    """All definitions by id; a version of each made from its text and its query's.

    Raises:
        DefinitionError: with file, line and mend.
    """
    scopes = read_scopes(folder.parent / "scopes")
    found = {path: _in_scopes(path, load(path, Metric), scopes) for path in sorted(folder.glob("*.yml"))}
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
    for path, metric in found.items():
        if metric.scopes and metric.kind != "ratio" and "counts_as" not in metric.dimensions:
            raise fault(path, "scopes:", f"{metric.id} is not counted by counts_as, and scopes are", "Take the scopes away")
    _check_scopes(folder.parent / "scopes", scopes, {metric.id: metric for metric in found.values()})
    return {metric.id: _settled(metric, path, sql, found) for path, metric in found.items()}


def _in_scopes(path: Path, metric: Metric, scopes: Mapping[str, Scope]) -> Metric:
    """The metric with a variant for each scope that it names."""
    for name in metric.scopes:
        if name not in scopes:
            raise fault(path, "scopes:", f"there is no scope [{name}]", nearest(name, list(scopes)))
        if name in metric.variants:
            raise fault(path, f"{name}:", f"[{name}] is a scope and a variant", "Take one away")
    return metric.model_copy(update={"variants": metric.variants | {name: scopes[name].of(metric) for name in metric.scopes}})


def _check_scopes(folder: Path, scopes: Mapping[str, Scope], metrics: Mapping[str, Metric]) -> None:
    """What a scope adds is there, and of the same kind as what it is added to."""
    known = list(metrics)
    for scope in scopes.values():
        path = folder / f"{scope.id}.yml"
        for name, added in scope.adds.items():
            for one in (name, added):
                if one not in metrics:
                    raise fault(path, f"{name}:", f"there is no metric [{one}]", nearest(one, known))
            if (metrics[name].kind, metrics[name].at) != (metrics[added].kind, metrics[added].at):
                said = f"[{added}] is not of the kind of [{name}], so that they cannot be added"
                raise fault(path, f"{name}:", said, "Name another metric")


def _settled(metric: Metric, path: Path, sql: Path, found: dict[Path, Metric]) -> Metric:
    digest = hashlib.sha256(path.read_bytes())
    for name in metric.scopes:
        digest.update((path.parents[1] / f"scopes/{name}.yml").read_bytes())
    if metric.kind != "ratio":
        digest.update((sql / f"{metric.members}.sql").read_bytes())
        return metric.model_copy(update={"version": digest.hexdigest()[:12]})
    parts = [m for m in found.values() if m.id in metric.parts]
    shared = tuple(d for d in DIMENSIONS if all(d in m.dimensions for m in parts))
    needs = tuple(dict.fromkeys(source for m in parts for source in m.needs))
    uses = tuple(dict.fromkeys(source for m in parts for source in m.uses))
    only = tuple(dict.fromkeys(kind for m in parts for kind in m.counts_only)) if all(m.counts_only for m in parts) else ()
    made = {"dimensions": shared, "needs": needs, "uses": uses, "counts_only": only}
    return metric.model_copy(update={"version": digest.hexdigest()[:12], **made})
