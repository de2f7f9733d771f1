"""Values as they are written into what they mean: dates and numbers in the forms that a contract names, and no others.

Belongs here: one value of one column. Does not belong here: rows, keys, or whether a value makes sense for its case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation, localcontext

import polars as pl

from warehouse.catalogue.contract import SourceColumn

EXCEL = "excel"
"""The word among a date's formats for a spreadsheet's day number."""
ISO = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%.f")
"""How the readers write what was a date in the file: cells of a workbook, columns of Parquet, fields of a database."""
TYPED = ("xlsx", "xls", "parquet")
FIRST_YEAR, LAST_YEAR = 1000, 9999
LAST_SERIAL = 2_958_465
"""9999-12-31 in a spreadsheet."""
WIDTHS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
DIRECTIVE = re.compile(r"%[A-Za-z]")
PLAIN = r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"
WHOLE = r"^-?[0-9]{1,16}$"
PRECISE = pl.Decimal(38, 20)
"""Of published totals: a share has as many decimals as its source wrote."""


def dates(value: pl.Expr, column: SourceColumn, local_zone: str, file_format: str = "csv", epoch: int = 1900) -> pl.Expr:
    """Days from texts, by the first of the column's formats that fits the whole text; null where none does.

    A year has four digits. Times give the day in `local_zone`, where the text or the contract says which zone they are in.
    """
    if column.full_width:
        value = pl.when(value.str.contains(r"[^\x00-\x7F]")).then(value.str.normalize("NFKC")).otherwise(value)
    forms = list(column.formats)
    if file_format in TYPED and not any(form.startswith("%Y-%d") for form in forms):
        forms += [form for form in ISO if form not in forms]
    return pl.coalesce([_day(value, form, column.zone, local_zone, epoch) for form in forms])


def _day(value: pl.Expr, form: str, zone: str | None, local_zone: str, epoch: int) -> pl.Expr:
    if form == EXCEL:
        return _day_of_serial(value, epoch)
    if adjacent := _length_of_adjacent(form):  # 2016037 could be read in two ways
        value = pl.when(value.str.len_chars() == adjacent).then(value)
    if "%z" in form:
        day = value.str.to_datetime(form, strict=False, exact=True, time_zone="UTC").dt.convert_time_zone(local_zone).dt.date()
    elif zone is not None and "%H" in form:
        there = value.str.to_datetime(form, strict=False, exact=True, time_unit="us")
        there = there.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        day = there.dt.convert_time_zone(local_zone).dt.date()
    else:
        day = value.str.to_date(form, strict=False, exact=True)
    # Polars takes 16 for the year 16, and +20166 for a year.
    return pl.when(day.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(day)


def _length_of_adjacent(form: str) -> int | None:
    """How long a text of this form is, where two numbers stand side by side in it; None where none do."""
    if not re.search(r"%[YymdHMS]%[YymdHMS]", form):
        return None
    known = sum(WIDTHS.get(directive, 0) for directive in DIRECTIVE.findall(form))
    return known + len(DIRECTIVE.sub("", form))


def _day_of_serial(value: pl.Expr, epoch: int) -> pl.Expr:
    """Days of a spreadsheet. Its calendar of 1900 has a 29 February that never was: that day number is no date."""
    serial = pl.when(value.str.contains(r"^[0-9]{1,7}(\.[0-9]+)?$")).then(value).cast(pl.Float64, strict=False).floor()
    serial = pl.when(serial.is_between(0 if epoch == 1904 else 1, LAST_SERIAL)).then(serial).cast(pl.Int64)
    if epoch == 1904:
        return pl.date(1904, 1, 1) + pl.duration(days=serial)
    late = pl.date(1899, 12, 30) + pl.duration(days=serial)
    early = pl.date(1899, 12, 31) + pl.duration(days=serial)
    return pl.when(serial > 60).then(late).when(serial < 60).then(early)


def numbers(value: pl.Expr, column: SourceColumn) -> pl.Expr:
    """Numbers from texts that are written plainly; null for all others, which `number` then looks at one by one."""
    plain = value.str.contains(PLAIN if column.decimal == "." and column.thousands != "." else WHOLE)
    kind = pl.Int64() if column.type == "integer" else pl.Decimal(18, 2)
    return pl.when(plain).then(value).cast(kind, strict=False)


def precise_numbers(value: pl.Expr, column: SourceColumn) -> pl.Expr:
    """Numbers with up to 20 decimals from texts that are written plainly; null for all others, as `odd_numbers` reads them.

    For statistics, not amounts: 0.11125844811361109 stays as it was written. A whole number may have decimals of zeros.
    """
    places = r"(\.0{1,20})?" if column.type == "integer" else r"(\.[0-9]{1,20})?"
    plain = value.str.contains(rf"^-?[0-9]{{1,17}}{places}$" if column.decimal == "." and column.thousands != "." else WHOLE)
    return pl.when(plain).then(value).cast(PRECISE, strict=False)


def odd_numbers(texts: pl.Series, column: SourceColumn, places: int = 2) -> pl.Series:
    """The numbers of texts that are not plain, in the column's type; null where a text is none."""
    read = {text: number(text, column, places) for text in texts.unique().drop_nulls()}
    plain = {text: None if found is None else format(found, "f") for text, found in read.items()}
    kind = (pl.Int64() if column.type == "integer" else pl.Decimal(18, 2)) if places == 2 else PRECISE
    return texts.replace_strict(plain, default=None, return_dtype=pl.String).cast(kind, strict=False)


def number(text: str, column: SourceColumn, places: int = 2) -> Decimal | None:
    """One number as the contract lets it be written: groups, a decimal comma, full-width digits, words that multiply.

    None where it is none, or would lose digits: an amount has two decimals (or `places`), a whole number none. With more
    than two a whole number may be written with decimals that are zeros.
    """
    if column.full_width:
        text = unicodedata.normalize("NFKC", text)
    factor = 1
    unit = next((word for word in sorted(column.units, key=len, reverse=True) if text.endswith(word)), None)
    if unit is not None:
        text, factor = text.removesuffix(unit).rstrip(), column.units[unit]
    group = re.escape(column.thousands)
    digits = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)" if group else "[0-9]+"
    parts = "" if column.type == "integer" and unit is None and places == 2 else rf"(?:{re.escape(column.decimal)}[0-9]+)?"
    if not re.fullmatch(rf"-?{digits}{parts}", text):
        return None
    if column.thousands:
        text = text.replace(column.thousands, "")
    with localcontext(prec=60):
        try:
            found = Decimal(text.replace(column.decimal, ".")) * factor
        except InvalidOperation:
            return None
        step = Decimal(1) if column.type == "integer" else Decimal(1).scaleb(-places)
        rounded = found.quantize(step) if abs(found) < 10**16 else None
        return rounded if rounded == found else None


def shown_forms(column: SourceColumn) -> Sequence[str]:
    """The forms of a date, for a message."""
    return [("a day number" if form == EXCEL else form) for form in column.formats]
