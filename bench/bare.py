"""The same figures by a bare DuckDB script: the yardstick of bench/refresh.py. No code or SQL of the product is in it.

Usage: python bench/bare.py DIR OUT.duckdb   (DIR as `caseload sample DIR` writes it)
Reads, types and keeps every row, applies the same rules, counts the same cells: one process, two threads, nothing
around it: no landing, no history, no ledger, no refusals, no second refresh. Written for this sample of this court, as
one would by hand: what its files never hold (a number in full-width digits, a reopening, a torn line of JSON, a second
thing wrong with a row that cannot be typed) has no branch here.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

CODES = Path(__file__).parents[1] / "warehouse/profiles/shengzhou/codes"
DATA_FROM = date(2012, 1, 1)
NEW = (
    r"^[（(〔\[]((?:19|20)\d{2})[）)〕\]](最高法|[京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵]\d{0,4})(知?)"
    r"(\p{Han}{1,4}?)(\d{1,8})号(?:之(?:[一二三四五六七八九十]|\d)+)?$"
)
OLD = (
    r"^[（(〔\[]((?:19|20)\d{2})[）)〕\]](\p{Han}{1,4}?)"
    r"([刑民商知行执立保破赔监督催特非]\p{Han}{0,4}?)字第?(\d{1,6})(?:[-－—]\d+)?号$"
)
TEXT = {
    "cases": (
        "案号", "立案日期", "适用程序", "承办庭室", "承办人", "结案日期", "结案方式", "原案号", "自诉", "作废",
        "申请标的金额", "执行到位金额",
    ),
    "registrations": (
        "申请编号", "收到日期", "渠道", "申请类别", "首次处理", "处理日期", "补正通知日期", "补正材料收到日期",
        "立案日期", "案号",
    ),
}  # fmt: skip
CASES = """
create table case_rows as
with text as (
    select t.filename, {trimmed}
    from ({rows}) as t
),
taken_apart as (
    select *,
        case when 案号 like '%字%' then regexp_extract(案号, '{old}', ['year', 'court', 'chars', 'serial']) end as o,
        case when 案号 not like '%字%'
            then regexp_extract(案号, '{new}', ['year', 'court', 'special', 'chars', 'serial']) end as n,
        case when 原案号 like '%字%'
            then regexp_extract(原案号, '{old}', ['year', 'court', 'chars', 'serial']) end as oo,
        case when 原案号 not like '%字%'
            then regexp_extract(原案号, '{new}', ['year', 'court', 'special', 'chars', 'serial']) end as onn
    from text
),
parts as (
    select *,
        case when o.year <> '' then 'old' when n.year <> '' then 'new' end as number_form,
        nullif(coalesce(o.year, n.year), '') as year,
        nullif(coalesce(o.court, n.court), '') as court,
        nullif(n.special, '') as special_code,
        nullif(coalesce(o.chars, n.chars), '') as type_characters,
        nullif(coalesce(o.serial, n.serial), '') as serial_text
    from taken_apart
)
select
    files.file_no,
    coalesce(courts.code, parts.court) || '-' || year || '-' || coalesce(special_code, '') || type_characters || '-'
        || try_cast(serial_text as bigint) as case_key,
    案号 as case_number, coalesce(courts.code, parts.court) as court_code, year::int as number_year, number_form,
    type_characters, special_code, try_cast(serial_text as bigint) as serial, written.type_code,
    procedures.code as procedure, 承办庭室 as bench_code, 承办人 as judge_code,
    try_cast(立案日期 as date) as registered_on, try_cast(结案日期 as date) as closed_on, words.code as closing_manner,
    原案号 as origin_case_number,
    case
        when oo.year <> '' then coalesce(origin_courts.code, oo.court) || '-' || oo.year || '-' || oo.chars || '-'
            || try_cast(oo.serial as bigint)
        when onn.year <> '' then onn.court || '-' || onn.year || '-' || onn.special || onn.chars || '-'
            || try_cast(onn.serial as bigint)
    end as origin_case_key,
    case 自诉 when '是' then true when '否' then false end as is_private_prosecution,
    case 作废 when '是' then true when '否' then false end as is_void,
    try_cast(申请标的金额 as decimal(18, 2)) as amount_applied,
    try_cast(执行到位金额 as decimal(18, 2)) as amount_realised,
    case
        when {is_empty} or 案号 in ('合计', '案号') then 'NO_CASE'
        when (立案日期 is not null and registered_on is null) or (结案日期 is not null and closed_on is null)
            or (适用程序 is not null and procedure is null) or (结案方式 is not null and closing_manner is null)
            or (自诉 is not null and is_private_prosecution is null) or (作废 is not null and is_void is null)
            or (申请标的金额 is not null and amount_applied is null)
            or (执行到位金额 is not null and amount_realised is null) then 'TYPE'
    end as unfit
from parts
join files on parts.filename = files.path
left join courts on number_form = 'old' and parts.court = courts.old_abbreviation
left join courts as origin_courts on oo.court = origin_courts.old_abbreviation
left join written on parts.type_characters = written.characters
left join procedures on 适用程序 = procedures.word
left join closing_words as words on 结案方式 = words.word
"""
REGISTRATIONS = """
create table registration_rows as
with text as (
    select t.filename, {trimmed}
    from ({rows}) as t
),
taken_apart as (
    select *,
        case when 案号 like '%字%' then regexp_extract(案号, '{old}', ['year', 'court', 'chars', 'serial']) end as o,
        case when 案号 not like '%字%'
            then regexp_extract(案号, '{new}', ['year', 'court', 'special', 'chars', 'serial']) end as n
    from text
)
select
    files.file_no, 申请编号 as application_key, '浙0683' as court_code,
    try_cast(收到日期 as date) as received_on, channels.code as channel, populations.code as population,
    decisions.code as first_decision, try_cast(处理日期 as date) as decided_on,
    try_cast(补正通知日期 as date) as correction_notice_on, try_cast(补正材料收到日期 as date) as corrected_material_on,
    try_cast(立案日期 as date) as registered_on, 案号 as case_number,
    case
        when o.year <> '' then coalesce(courts.code, o.court) || '-' || o.year || '-' || o.chars || '-'
            || try_cast(o.serial as bigint)
        when n.year <> '' then n.court || '-' || n.year || '-' || n.special || n.chars || '-' || try_cast(n.serial as bigint)
    end as case_key,
    case
        when {is_empty} or 申请编号 in ('合计', '申请编号') then 'NO_CASE'
        when 申请编号 is null then 'KEY'
        when (收到日期 is not null and received_on is null) or (渠道 is not null and channel is null)
            or (申请类别 is not null and population is null) or (首次处理 is not null and first_decision is null)
            or (处理日期 is not null and decided_on is null) or (补正通知日期 is not null and correction_notice_on is null)
            or (补正材料收到日期 is not null and corrected_material_on is null)
            or (立案日期 is not null and registered_on is null) then 'TYPE'
    end as unfit
from taken_apart
join files on taken_apart.filename = files.path
left join courts on o.court = courts.old_abbreviation
left join channels on 渠道 = channels.word
left join populations on 申请类别 = populations.word
left join first_decisions as decisions on 首次处理 = decisions.word
"""
# One entry a rule and column at fault, as rows are counted by rule: the row's condition, over `checked` below.
CASE_RULES = (
    ("DQ01", "case_number is null"), ("DQ01", "registered_on is null"),
    ("DQ03", "closed_on is not null and closing_manner is null"),
    ("DQ03", "closed_on is null and closing_manner is not null"),
    ("DQ06", "case_number is not null and number_form is null"),
    ("DQ07", "number_form = case when registered_on < date '2016-01-01' then 'new' "
             "when registered_on >= date '2016-01-01' then 'old' end"),
    ("DQ08", "number_form is not null and type_code is null"),
    ("DQ08", "number_form = 'new' and type_code is not null and known_code is null"),
    ("DQ08", "number_form = 'new' and counts_as <> 'bankruptcy' "
             "and (registered_on < valid_from or registered_on > valid_to)"),
    ("DQ10", "court_code not in (select code from courts)"),
    *(("DQ11", f"{day} > extract_on") for day in ("registered_on", "closed_on")),
    *(("DQ12", f"{day} < date '1990-01-01' or {day} = date '9999-12-31'") for day in ("registered_on", "closed_on")),
    ("DQ13", "closing_manner is not null and counts_as is not null and (effect is null or closed_on < manner_from)"),
    ("DQ16", "closed_on < registered_on"),
    ("DQ20", "number_year <> year(registered_on)"),
)  # fmt: skip
FIVE = "('civil_first', 'administrative_first', 'private_prosecution', 'compensation', 'first_enforcement')"
DAYS = ("received_on", "decided_on", "correction_notice_on", "corrected_material_on", "registered_on")
REGISTRATION_RULES = (
    ("DQ02", f"registered_on >= date '2015-05-01' and received_on is null and population in {FIVE}"),
    *(("DQ11", f"{day} > extract_on") for day in DAYS),
    *(("DQ12", f"{day} < date '1990-01-01' or {day} = date '9999-12-31'") for day in DAYS),
    ("DQ17", "received_on > registered_on"),
    ("DQ18", "correction_notice_on < received_on or correction_notice_on > decided_on"),
    ("DQ19", "first_decision = 'register' and registered_on is null"),
    ("DQ19", "first_decision = 'refuse' and registered_on is not null"),
)
CHECKED = {
    "case": """select r.rowid as row_id, r.*, files.extract_on, types.type_code as known_code, types.counts_as,
        types.valid_from, types.valid_to, manners.effect, manners.valid_from as manner_from
    from case_rows as r join files using (file_no)
    left join case_types as types on r.type_code = types.type_code
    left join closing_manners as manners
        on r.closing_manner = manners.closing_manner and types.counts_as = manners.counts_as""",
    "registration": """select r.rowid as row_id, r.*, files.extract_on
    from registration_rows as r join files using (file_no)""",
}
RULES = {"case": CASE_RULES, "registration": REGISTRATION_RULES}
KEYS = {"case": "case_key", "registration": "application_key"}
LATEST = """
create table {name}s as
with ranked as (
    select max_by(r.rowid, files.world_rank) as row_id
    from {name}_rows as r join files using (file_no)
    where unfit is null and {key} is not null and r.rowid not in (select row_id from aside where kind = '{name}')
    group by {key}
)
select {columns}
from {name}_rows as r
{joins}
where r.rowid in (select row_id from ranked)
"""
# A warning sets nothing aside and is not given for a row set aside. DQ02 is only a warning up to half a per cent of rows.
SET_ASIDE = """
create temp table warns as
select 'DQ20' as rule_id
union all
select 'DQ02' where (select count(*) from broken where rule_id = 'DQ02')
    <= 0.005 * (select count(*) from registration_rows where unfit is distinct from 'NO_CASE');
create table aside as from broken where rule_id not in (from warns);
create table warned as from broken anti join aside using (kind, row_id);
"""
DIMS = "court, family, counts_as, case_type, procedure, bench, judge"
CASE_COLUMNS = """r.* replace (coalesce(procedure, 'none') as procedure), coalesce(types.family, 'none') as family,
    coalesce(types.counts_as, 'none') as counts_as, manners.effect, coalesce(court_code, 'none') as court,
    coalesce(r.type_code, 'none') as case_type, coalesce(bench_code, 'none') as bench,
    coalesce(judge_code, 'none') as judge,
    not coalesce(is_void, false) and coalesce(types.counts_as, 'none') not in
        ('jurisdiction', 'preservation_review', 'assistance', 'sanction', 'relief', 'not_a_case') as is_counted"""
COUNTS = f"""
create view counted as select * from cases where is_counted;

-- Every flow by day first, so that the calendars join a few hundred thousand rows, not millions.
create table flows as
select 'filed' as metric, registered_on as day, {DIMS}, null::varchar as closing_manner, count(*) as n
from counted where registered_on between $data_from and $counting_day group by all
union all
select 'closed', closed_on, {DIMS}, coalesce(closing_manner, 'none'), count(*)
from counted where closed_on between $data_from and $counting_day group by all;

create table cells as
select metric, null::varchar as variant, calendar_id, period_id, {DIMS}, null::varchar as population,
    null::varchar as channel, closing_manner, null::varchar as part, sum(n)::bigint as numerator,
    null::bigint as denominator
from flows join days using (day) group by all;

insert into cells
with variants as (select unnest([null, 'any_date']) as variant)
select 'same_day_registration_rate', variant, calendar_id, period_id, court_code, null, null, null, null, null, null,
    population, coalesce(channel, 'none'), null, null,
    count(*) filter (where first_decision = 'register' and decided_on = received_on and correction_notice_on is null),
    count(*)
from registrations as r join days on r.registered_on = days.day cross join variants
where population in {FIVE}
    and (variant = 'any_date' or received_on >= date '2015-05-01')
group by all;

-- The root of each chain of resumed enforcement: upwards from the resumed cases, the last ancestor reached.
create table roots as
with recursive parents as (
    select c.case_key, c.origin_case_key as parent
    from cases as c semi join cases as p on c.origin_case_key = p.case_key
    where c.counts_as in ('enforcement_first', 'enforcement_resumed')
),
climb as (
    select case_key, parent as ancestor, 1 as steps from parents
    union all
    select climb.case_key, parents.parent, steps + 1
    from climb join parents on climb.ancestor = parents.case_key where steps < 64
)
select case_key, max_by(ancestor, steps) as root from climb group by case_key;

-- A stay in the pool runs from a 终本 closing to whatever happens to the chain next.
create table stays as
with events as (
    select coalesce(root, case_key) as chain, case_key, registered_on, closed_on as day, 2 as place
    from counted left join roots using (case_key)
    where counts_as in ('enforcement_first', 'enforcement_resumed') and effect = 'zhongben' and closed_on >= $data_from
    union all
    select coalesce(root, case_key), case_key, registered_on, registered_on, 1
    from counted left join roots using (case_key)
    where counts_as = 'enforcement_resumed' and registered_on >= $data_from
)
select case_key, place, day as in_from,
    lead(day) over (partition by chain order by day, registered_on, case_key, place) as in_until
from events;

-- Stocks as running sums of what comes in and goes out, at period 0 the stock before the data.
create table moves as
select kind, {DIMS}, day, sum(n) as n
from (
    select 'pending' as kind, {DIMS}, greatest(registered_on, $data_from - 1) as day, count(*) as n
    from counted where registered_on <= $counting_day and (closed_on is null or closed_on >= $data_from) group by all
    union all
    select 'pending', {DIMS}, closed_on, -count(*)
    from counted where registered_on <= $counting_day and closed_on between $data_from and $counting_day group by all
    union all
    select 'pool', {DIMS}, in_from, count(*)
    from stays join counted using (case_key) where place = 2 and in_from <= $counting_day group by all
    union all
    select 'pool', {DIMS}, in_until, -count(*)
    from stays join counted using (case_key) where place = 2 and in_until <= $counting_day group by all
)
group by all;

create table stocks as
with changes as (
    select kind, {DIMS}, calendar_id, ordinal, sum(n) as n
    from moves join (
        select calendar_id, day, ordinal from days
        union all select distinct calendar_id, $data_from - 1, 0 from days
    ) using (day)
    group by all
),
lines as (select distinct kind, {DIMS}, calendar_id from changes),
grid as (
    select lines.*, p.ordinal, p.period_id
    from lines join (
        select distinct calendar_id, ordinal, period_id from days
        union all select distinct calendar_id, 0, null from days
    ) as p using (calendar_id)
)
select kind, {DIMS}, calendar_id, ordinal, period_id, sum(coalesce(n, 0)) over (
        partition by kind, {DIMS}, calendar_id order by ordinal
    )::bigint as n
from grid left join changes using (kind, {DIMS}, calendar_id, ordinal);

insert into cells
with shown as (
    select 'pending_end' as metric, null as variant, null as part, s.* from stocks as s where kind = 'pending'
    union all
    select 'pending_start', null, null, s.* replace (later.period_id as period_id)
    from stocks as s join (select distinct calendar_id, ordinal, period_id from days) as later
        on s.calendar_id = later.calendar_id and later.ordinal = s.ordinal + 1
    where kind = 'pending'
    union all
    select 'zhongben_pool', null, null, s.* from stocks as s where kind = 'pool'
    union all
    select 'enforcement_backlog', unnest([null, kind]), kind, s.*
    from stocks as s where kind = 'pool' or counts_as in ('enforcement_first', 'enforcement_resumed')
)
select metric, variant, calendar_id, period_id, {DIMS}, null, null, null, part, n, null
from shown where n <> 0 and period_id is not null;

create table ratios as
with base as (
    select calendar_id, period_id, {DIMS}, coalesce(sum(numerator) filter (where metric = 'closed'), 0) as closed,
        coalesce(sum(numerator) filter (where metric = 'filed'), 0) as filed,
        coalesce(sum(numerator) filter (where metric = 'pending_start'), 0) as pending
    from cells where metric in ('closed', 'filed', 'pending_start') group by all
)
select *, closed / nullif(pending + filed, 0) as closing_rate_cn, closed / nullif(filed, 0) as disposal_filing_ratio_cn
from base;
"""
SETS = """
create table periods as select calendar_id, ordinal, period_id, max(day) as last_day from days group by all;

create table broken_sets as
select 'DQ33' as rule_id, concat_ws(' ', calendar_id, period_id, court, family) as item
from cells where metric in ('pending_start', 'filed', 'reopened', 'closed', 'pending_end')
group by calendar_id, period_id, court, family
having sum(case when metric in ('closed', 'pending_end') then -numerator else numerator end) <> 0
union all
select 'DQ34', concat_ws(' ', calendar_id, opens, court, family)
from (
    select calendar_id, ordinal + (metric = 'pending_end')::int as opens, court, family,
        sum(case metric when 'pending_end' then numerator else -numerator end) as difference
    from cells join periods using (calendar_id, period_id) where metric in ('pending_start', 'pending_end') group by all
) as stocks semi join periods as p on stocks.calendar_id = p.calendar_id and stocks.opens = p.ordinal
where opens > 1 and difference <> 0
union all
select 'DQ35', concat_ws(' ', metric, year, court)
from (
    select 'filed' as metric, year(registered_on) as year, court, count(*) as n
    from counted where registered_on between $data_from and $counting_day group by all
    union all
    select 'closed', year(closed_on), court, count(*)
    from counted where closed_on between $data_from and $counting_day group by all
) as by_row left join (
    select metric, year(last_day) as year, court, sum(numerator) as n
    from cells join periods using (calendar_id, period_id)
    where calendar_id = 'cal_month' and metric in ('filed', 'closed') group by all
) as by_cell using (metric, year, court)
where by_cell.n is distinct from by_row.n
union all
select 'DQ44', concat_ws(' ', calendar_id, period_id, court)
from cells group by calendar_id, period_id, court
having min(numerator) filter (where metric in ('pending_start', 'pending_end')) < 0
    or (coalesce(sum(numerator) filter (where metric = 'reopened'), 0) = 0
        and coalesce(sum(numerator) filter (where metric = 'closed'), 0)
        > coalesce(sum(numerator) filter (where metric in ('pending_start', 'filed')), 0));

insert into verdicts
select rule_id, count(item)
from (values ('DQ33'), ('DQ34'), ('DQ35'), ('DQ44')) as rules (rule_id) left join broken_sets using (rule_id)
group by rule_id;
"""


class Text(NamedTuple):
    """A file's rows as UTF-8 text: where they stand, whether as CSV or JSON Lines, how many titles stood above them."""

    path: Path
    form: str
    titles: int = 0


def text_of(path: Path, into: Path) -> Text:
    """A workbook becomes CSV, GB18030 becomes UTF-8; everything else stays where it is."""
    if path.suffix == ".jsonl":
        return Text(path, "jsonl")
    text = into / f"{path.stem}.csv"
    if path.suffix == ".xlsx":
        return Text(text, "csv", sheet_to_csv(path, text))
    with path.open("rb") as file:
        if file.read(3) == codecs.BOM_UTF8:
            return Text(path, "csv")
        file.seek(0)
        decoder = codecs.getincrementaldecoder("gb18030")()
        with text.open("wb") as target:
            while block := file.read(1 << 16):
                target.write(decoder.decode(block).encode())
            decoder.decode(b"", final=True)
    return Text(text, "csv")


def sheet_to_csv(path: Path, text: Path) -> int:
    """The header of the first sheet and what stands below it; returns how many rows stand above."""
    import openpyxl  # here alone: large samples have no workbook

    rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    titles = 0
    with text.open("w", encoding="utf-8", newline="") as target:
        lines = csv.writer(target)
        while (header := next(rows))[0] != "案号":
            titles += 1
        lines.writerow(header)
        lines.writerows([cell.date() if isinstance(cell, datetime) else cell for cell in row] for row in rows)
    return titles


def texts_of(files: list[Path], into: Path) -> dict[tuple[str, str, str], tuple[Path, Text]]:
    """Each file once, by source, day and hash, and its text."""
    texts: dict[tuple[str, str, str], tuple[Path, Text]] = {}
    for path in files:
        with path.open("rb") as file:
            once = (path.parent.name, path.stem.removesuffix("_resent")[-10:], hashlib.file_digest(file, "sha256").hexdigest())
        if once not in texts:
            texts[once] = (path, text_of(path, into))
    return texts


def days(until: date) -> list[tuple[str, date, int, str]]:
    """Each day of the data by calendar, with the place and the name of its month."""
    rows = []
    for calendar, last in (("cal_month", 31), ("stat20_month", 20)):
        day = DATA_FROM
        while day <= until:
            month = day.year * 12 + day.month - 1 + (day.day > last)
            rows.append((calendar, day, month - DATA_FROM.year * 12 + 1, f"{month // 12}-{month % 12 + 1:02}"))
            day += timedelta(days=1)
    return rows


def code_lists(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("courts", "procedures", "closing_words", "channels", "populations", "first_decisions"):
        con.execute(f"create table {name} as from read_csv('{CODES}/{name}.csv', all_varchar = true)")
    con.execute(
        f"""create table case_types as select code as type_code, family_code as family, counts_as_code as counts_as,
            valid_from::date as valid_from, valid_to::date as valid_to
        from read_csv('{CODES}/case_types.csv', all_varchar = true);
        create table closing_manners as select code as closing_manner, counts_as, effect, valid_from::date as valid_from
        from read_csv('{CODES}/closing_manners.csv', all_varchar = true)"""
    )
    with (CODES / "type_characters.csv").open(encoding="utf-8", newline="") as file:
        written = {row["characters"]: row["type_code"] for row in csv.DictReader(file)}
    known = {code: code for (code,) in con.execute("select type_code from case_types").fetchall()}
    con.execute("create table written (characters varchar, type_code varchar)")
    con.executemany("insert into written values (?, ?)", list((known | written).items()))


def rows_of(texts: list[Text], columns: tuple[str, ...]) -> str:
    """The query for the rows of these texts; lines of CSV that do not fit go to DuckDB's table of rejects."""
    shape = "{" + ", ".join(f"'{name}': 'varchar'" for name in columns) + "}"
    paths = {form: [str(text.path) for text in texts if text.form == form] for form in ("csv", "jsonl")}
    queries = [
        f"select * from read_csv({paths['csv']}, columns = {shape}, header = true, auto_detect = false, delim = ',', "
        "quote = '\"', escape = '\"', strict_mode = true, store_rejects = true, filename = true, nullstr = '∅')"
    ]  # without a nullstr that never occurs, one field too many passes where it is empty: it then counts as null
    if paths["jsonl"]:
        queries.append(
            f"select * from read_json({paths['jsonl']}, format = 'newline_delimited', columns = {shape}, filename = true)"
        )
    return " union all by name ".join(queries)


def read(con: duckdb.DuckDBPyConnection, files: list[Path], folder: Path) -> None:
    """Typed rows of every file, in no order; torn lines and titles, which are no rows, as broken ones without a row."""
    texts = texts_of(files, folder)
    con.execute(
        "create table files (file_no int, source varchar, path varchar, name varchar, extract_on date, world_rank int, "
        "titles int)"
    )
    con.executemany(
        "insert into files values (?, ?, ?, ?, ?, ?, ?)",
        [(no, source, str(text.path), path.name, day, sorted(texts).index((source, day, digest)), text.titles)
         for no, ((source, day, digest), (path, text)) in enumerate(texts.items(), 1)],
    )  # fmt: skip
    con.execute("set preserve_insertion_order = false")  # tables are then written by both threads
    for source, sql in (("cases", CASES), ("registrations", REGISTRATIONS)):
        columns = TEXT[source]
        con.execute(
            sql.format(
                rows=rows_of([text for once, (_, text) in texts.items() if once[0] == source], columns),
                trimmed=", ".join(f"nullif(trim({name}), '') as {name}" for name in columns),
                is_empty=f"coalesce({', '.join(columns)}) is null",
                old=OLD,
                new=NEW,
            )
        )
    con.execute(
        """create table broken (kind varchar, file_no int, row_id bigint, rule_id varchar);
        insert into broken
        select distinct rtrim(source, 's'), file_no, -errors.line::bigint, 'TORN'
        from reject_errors as errors join reject_scans using (scan_id, file_id) join files on file_path = files.path;
        insert into broken
        select rtrim(source, 's'), file_no, -unnest(range(1, titles + 1)), 'NO_CASE' from files where titles > 0"""
    )


def check(con: duckdb.DuckDBPyConnection) -> None:
    """Which rows break which rule, and how many each; the second and later of equal rows of a file are no rows."""
    for kind, rules in RULES.items():
        key = KEYS[kind]
        con.execute(
            f"""create temp table twins as
            with several as (
                select file_no, {key} from {kind}_rows
                where unfit is null and {key} is not null group by all having count(*) > 1
            )
            select r.rowid as row_id, r.file_no, r.{key} as key,
                row_number() over (partition by r order by r.rowid) as nth
            from {kind}_rows as r semi join several using (file_no, {key}) where unfit is null;
            insert into broken select '{kind}', file_no, rowid, unfit from {kind}_rows where unfit is not null;
            insert into broken select '{kind}', file_no, row_id, 'REPEATED' from twins where nth > 1;
            insert into broken
            select '{kind}', file_no, row_id, 'DQ29' from twins
            where nth = 1 qualify count(*) over (partition by file_no, key) > 1"""
        )
        hits = ", ".join(f"case when {condition} then '{rule}' end" for rule, condition in rules)
        con.execute(
            f"""insert into broken
            with checked as ({CHECKED[kind]}),
            hit as (
                select file_no, row_id, unnest([{hits}]) as rule_id
                from checked
                where unfit is null and row_id not in (select row_id from twins where nth > 1)
                    and ({" or ".join(f"({condition})" for _, condition in rules)})
            )
            select '{kind}', file_no, row_id, rule_id from hit where rule_id is not null"""
        )
        con.execute("drop table twins")
    names = sorted({"DQ29", *(rule for rules in RULES.values() for rule, _ in rules)})
    con.execute(SET_ASIDE)
    con.execute("create table verdicts (rule_id varchar, failing bigint)")
    con.execute(
        "insert into verdicts select rule_id, count(row_id) from (select unnest($names) as rule_id) "
        "left join (from aside union all from warned) using (rule_id) group by rule_id",
        {"names": names},
    )


def count(con: duckdb.DuckDBPyConnection) -> None:
    [(until,)] = con.execute("select max(extract_on) from files where source = 'cases'").fetchall()
    con.execute("create table days (calendar_id varchar, day date, ordinal int, period_id varchar)")
    con.execute(
        "insert into days select unnest($a), unnest($b), unnest($c), unnest($d)",
        dict(zip("abcd", map(list, zip(*days(until), strict=True)), strict=True)),
    )
    joins = """left join case_types as types on r.type_code = types.type_code
        left join closing_manners as manners
            on r.closing_manner = manners.closing_manner and types.counts_as = manners.counts_as"""
    con.execute(LATEST.format(name="case", key="case_key", columns=CASE_COLUMNS, joins=joins))
    con.execute(LATEST.format(name="registration", key="application_key", columns="r.*", joins=""))
    for statement in filter(str.strip, (COUNTS + SETS).split(";\n")):
        values = {"data_from": DATA_FROM, "counting_day": until}
        con.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


def main(arguments: list[str]) -> int:
    directory, out = map(Path, arguments)
    out.unlink(missing_ok=True)
    files = [path for source in TEXT for path in sorted((directory / source).iterdir())]
    con = duckdb.connect(str(out), config={"threads": 2})
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        code_lists(con)
        for step, work in (
            ("read and type", lambda: read(con, files, Path(folder))),
            ("rules on rows", lambda: check(con)),
            ("count", lambda: count(con)),
            ("close", con.close),
        ):
            work()
            print(f"{time.perf_counter() - began:7.2f} s  {step}", flush=True)
            began = time.perf_counter()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
