"""Chinese case numbers (案号) taken apart: 法〔2015〕137号 since 2016-01-01, and the form that courts used before.

Belongs here: the two forms and the key. Does not belong here: whether a number is right for its date (rules judge that).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵"
OPEN, CLOSE = r"[（(〔\[]", r"[）)〕\]]"
NEW_FORM = (
    rf"^{OPEN}(?<year>(?:19|20)[0-9]{{2}}){CLOSE}(?<court>最高法|[{PROVINCES}][0-9]{{0,4}})(?<special>知)?"
    r"(?<characters>\p{Han}{1,4}?)(?<serial>[0-9]{1,8})号(?:之(?:[一二三四五六七八九十]|[0-9])+)?$"
)
OLD_FORM = (
    rf"^{OPEN}(?<year>(?:19|20)[0-9]{{2}}){CLOSE}(?<court>\p{{Han}}{{1,4}}?)"
    r"(?<characters>[刑民商知行执立保破赔监督催特非]\p{Han}{0,4}?)字第?(?<serial>[0-9]{1,6})(?:[-－—][0-9]+)?号$"
)
"""`之一` and `-1` number a document of the case, not a case: they match and are dropped from the key."""

PARTS = {
    "case_key": pl.String, "case_number": pl.String, "court_code": pl.String, "number_year": pl.Int32,
    "number_form": pl.String, "type_characters": pl.String, "special_code": pl.String, "serial": pl.Int64,
    "type_code": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Numbering:
    """What a profile knows of its numbers: old court abbreviations to court codes, characters as written to type codes."""

    courts: dict[str, str]
    characters: dict[str, str]


def take_apart(numbers: pl.Series, numbering: Numbering) -> pl.DataFrame:
    """One row per number with the columns of `PARTS`; all null where the number fits neither form.

    `case_key` is court-year-characters[-special]-serial with the characters *as written*: 商初字 and 民初字 are two
    series though both are of type 民初. `case_number` is the number in its usual form. `type_code` is null where the
    profile does not map the characters.
    """
    parts = _match(numbers)
    odd = numbers.is_not_null() & parts["year"].is_null()
    if odd.any():
        # Full-width digits, blanks and the like are rare: only what failed as written is normalised and tried again.
        mended = numbers.filter(odd).str.normalize("NFKC").str.replace_all(r"\s", "")
        again = _match(mended)
        at = odd.arg_true()
        for name in parts.columns:
            parts = parts.with_columns(parts[name].scatter(at, again[name]))
    return _settle(parts, numbering)


def _match(numbers: pl.Series) -> pl.DataFrame:
    """The parts as written. The old form comes first: 浙民终字第12号 would also be a new number of the characters 民终字第."""
    frame = numbers.to_frame("n")
    has_old = numbers.str.contains("字", literal=True).fill_null(False)
    old = frame.select(_groups(OLD_FORM, has_old)).unnest("n")
    is_old = old["year"].is_not_null()
    new = frame.select(_groups(NEW_FORM, ~is_old)).unnest("n")
    is_new = new["year"].is_not_null()
    return new.select(
        *(pl.coalesce(old[name], new[name]).alias(name) for name in ("year", "court", "characters", "serial")),
        pl.col("special"),
        form=pl.when(is_old).then(pl.lit("old")).when(is_new).then(pl.lit("new")),
    )


def _groups(form: str, where: pl.Series) -> pl.Expr:
    return pl.when(where).then(pl.col("n")).str.extract_groups(form).alias("n")


def _settle(parts: pl.DataFrame, numbering: Numbering) -> pl.DataFrame:
    is_new = pl.col("form") == "new"
    old_court = pl.col("court").replace_strict(numbering.courts, default=pl.col("court"), return_dtype=pl.String)
    serial = pl.col("serial").cast(pl.Int64)
    # Without brackets a format string of nulls is null, so an unreadable number has no key.
    special = pl.col("special").fill_null("")
    return parts.with_columns(
        court_code=pl.when(is_new).then(pl.col("court")).otherwise(old_court),
        serial=serial,
        type_code=pl.col("characters").replace_strict(numbering.characters, default=None, return_dtype=pl.String),
    ).select(
        case_key=pl.format("{}-{}-{}-{}", "court_code", "year", pl.format("{}{}", special, "characters"), "serial"),
        case_number=pl.when(is_new)
        .then(pl.format("（{}）{}{}{}{}号", "year", "court", special, "characters", "serial"))
        .otherwise(pl.format("（{}）{}{}字第{}号", "year", "court", "characters", "serial")),
        court_code="court_code",
        number_year=pl.col("year").cast(pl.Int32),
        number_form="form",
        type_characters="characters",
        special_code="special",
        serial="serial",
        type_code="type_code",
    )
