"""Every page answers in both languages, links only to what is there, and says what it cannot show."""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import duckdb
import pytest

from pipelines.cli import main
from pipelines.web.app import HEADERS
from warehouse.refresh.last_run import LastRun, write_last_run
from warehouse.store.place import Place

ROOT = "http://127.0.0.1:8000"


def kind(address: str) -> tuple[str, ...]:
    """What answers an address: its language, its first word, and whether one thing is named. One page of each is visited."""
    lang, room, rest = urlsplit(address).path.removeprefix("/").split("/", 2) if address.count("/") > 4 else (
        *urlsplit(address).path.removeprefix("/").split("/"), "")  # fmt: skip
    return lang, room, "one" if rest else ""


def test_every_kind_of_link_leads_to_a_page_in_its_language_and_nothing_comes_from_elsewhere(pages):
    waiting, seen, visited = [f"{ROOT}/zh/", f"{ROOT}/en/"], set(), Counter()
    while waiting:
        address = waiting.pop(0)
        if address in seen or visited[kind(address)]:
            continue
        seen.add(address)
        visited[kind(address)] += 1
        page = pages.page(address.removeprefix(ROOT))
        assert page.lang == kind(address)[0], address
        loads = [urljoin(address, one) for one in page.loads]
        assert {urlsplit(one).netloc for one in loads} == {"127.0.0.1:8000"}, address
        assert not [tag for tag, attrs in page.tags if tag in ("script", "iframe", "style") or "style" in attrs], address
        links = [urljoin(address, one).partition("#")[0] for one in page.links]
        assert {urlsplit(one).netloc for one in links} == {"127.0.0.1:8000"}, address
        waiting += [
            one for one in dict.fromkeys(links) if not urlsplit(one).path.endswith((".csv", ".xlsx", ".zip", ".svg", ".png"))
        ]
    rooms = {"", "figures", "explain", "definitions", "quality", "about", "changes", "caseload", "timeliness", "enforcement",
             "registration", "benches", "audit", "ledger", "sql", "bulletin", "lasting", "findings", "limits",
             "reconciliation"}  # fmt: skip
    assert {key[:2] for key in visited} == {(lang, room) for lang in ("zh", "en") for room in rooms}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_has_landmarks_headings_captions_and_a_mark_of_synthetic_data(pages, lang):
    for path in (
        "",
        "figures/filed",
        "explain/filed/2016-09",
        "definitions/filed",
        "quality",
        "about",
        "benches",
        "registration",
        "audit",
        "audit/near_limit",
        "ledger",
        "ledger/3",
        "sql",
        "bulletin",
        "lasting",
        "findings",
        "limits",
        "reconciliation",
    ):
        page = pages.page(f"/{lang}/{path}")
        names = [tag for tag, _ in page.tags]
        assert names.count("h1") == 1 and {"header", "main", "nav", "footer"} <= set(names)
        assert names.count("table") == names.count("caption")
        assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
        assert page.links[0] == "#main", "the first link skips to the content"
        assert ("Synthetic data", "合成数据")[lang == "zh"] in page.words
        levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), levels


def test_the_other_language_shows_the_same_view(pages):
    page = pages.page("/en/figures/filed?kind=year&family=civil&as_of=r000001")
    other = next(attrs["href"] for tag, attrs in page.tags if attrs.get("hreflang") == "zh")
    assert other == "/zh/figures/filed?kind=year&family=civil&as_of=r000001"
    assert [a["value"] for t, a in pages.page(other).tags if t == "data"] == [a["value"] for t, a in page.tags if t == "data"]


def test_the_start_follows_the_language_of_the_reader(pages):
    for wanted, lang in (("zh-CN,zh;q=0.9", "zh"), ("de,en;q=0.5", "en"), ("", "en")):
        answer = pages.client.get("/", headers={"accept-language": wanted}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (307, f"/{lang}/")


@pytest.mark.parametrize(
    "address",
    ["figures/fild", "figures/filed?from=2016-13", "figures/filed?by=moon", "figures/filed?kind=week", "nothing", "about/x",
     "explain/filed", "explain/filed/2016-09@r000099", "?as_of=r000099", "?as_of=yesterday", "?period=soon", "quality/DQ99",
     "definitions/x", "figures/filed?calendar=moon", "figures/filed?page=0", "figures/filed?family=" + "x" * 300,
     "figures/filed.csv?by=moon", "benches/x", "registration/x", "audit/nothing", "audit/nothing.xlsx", "audit/near_limit?page=99",
     "audit/near_limit.xlsx?param.days=soon", "ledger/0", "ledger/9999", "ledger/x", "ledger?page=99", "sql/Q999999", "sql/x",
     "evidence/filed/2020.zip", "evidence/nothing.zip"],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_not_there_is_told_on_a_page_in_the_language(pages, lang, address):
    page = pages.page(f"/{lang}/{address}", 404)
    assert page.lang == lang and ("nothing at this address", "此网址没有内容")[lang == "zh"] in page.words


def test_every_answer_carries_the_headers_and_only_reading_is_answered(pages):
    for address in ("/en/", "/static/style.css", "/en/nothing", "/en/figures/filed.csv", "/"):
        found = pages.client.get(address, follow_redirects=False).headers
        assert {key: found[key] for key in HEADERS} == HEADERS
    assert "unsafe" not in HEADERS["Content-Security-Policy"] and "default-src 'none'" in HEADERS["Content-Security-Policy"]
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert pages.client.request(method, "/en/").status_code == 405
    assert pages.client.head("/en/").status_code == 200
    for host in ("example.org", "127.0.0.1.example.org", "10.0.0.1", "evil@localhost.example"):
        assert pages.client.get("/en/", headers={"host": host}).status_code == 421
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert pages.client.get("/en/", headers={"host": host}).status_code == 200
    assert pages.client.get("/static/../app.py").status_code == 404


def test_nothing_published_yet_is_a_page_too(open_site, tmp_path):
    for lang, told in (("en", "Nothing is published yet"), ("zh", "尚未发布数据")):
        for path in ("", "figures/filed", "about"):
            assert told in open_site(tmp_path).page(f"/{lang}/{path}").words


def test_after_a_failed_refresh_the_last_publication_stands_and_the_reason_is_told(open_site, one_night, tmp_path):
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    site = open_site(home)
    assert "did not publish" not in site.page("/en/").words
    write_last_run(Place(home / "shengzhou"), LastRun("2016-11-02T02:00:00+08:00", "failed", None, "the disk is full"))
    for lang, told in (("en", "The last refresh did not publish"), ("zh", "最近一次更新未能发布")):
        words = site.page(f"/{lang}/").words
        assert told in words and "the disk is full" in words and "r000001" in words


def test_a_withheld_figure_shows_its_reason_where_the_number_would_be(open_site, one_night, tmp_path):
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    with duckdb.connect(str(home / "shengzhou/warehouse.duckdb")) as connection:
        connection.execute(
            "insert into quality.gates (refresh_no, metric, rule_id, reason) values (1, 'closed', 'DQ33', 'DQ33: 7 do not balance')"
        )
    site = open_site(home)
    for lang, held in (("en", "withheld"), ("zh", "暂不发布")):
        page = site.page(f"/{lang}/?period=2016-09")
        assert page.values("data-metric", "closed") == [] and page.values("data-metric", "closing_rate_cn") == []
        name = "" if lang == "en" else "（期初+新收+重开−结案=期末）"
        assert f"{held}: DQ33{name}{': ' if lang == 'en' else '：'}7 do not balance" in page.words
        assert "DQ33" in site.page(f"/{lang}/quality").words
        assert "7 do not balance" in site.page(f"/{lang}/explain/closed/2016-09").words


def test_a_rule_says_all_of_itself_in_chinese(open_site, one_night, tmp_path):
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    with duckdb.connect(str(home / "shengzhou/warehouse.duckdb")) as connection:
        connection.execute(
            "insert into quality.gates (refresh_no, metric, rule_id, reason) values (1, 'closed', 'DQ35', "
            "'DQ35: closed 2016 浙0683 civil: the cells of the year do not add up to the cases of the year')"
        )
    site = open_site(home)
    rule = site.page("/zh/quality/DQ39").text
    assert "不算变动" in rule and "业务词典第12节" in rule and '<dd lang="en">' not in rule
    assert "a metric of a court and a year" in site.page("/en/quality/DQ39").words
    told = "DQ35：closed 2016 浙0683 civil：全年各单元之和不等于全年案件数"
    for page in ("", "quality", "explain/closed/2016-09"):
        assert told in site.page(f"/zh/{page}{'' if page else '?period=2016-09'}").words


def test_a_new_publication_is_followed_and_two_are_never_mixed(open_site, one_night, two_nights, tmp_path):
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    site, target = open_site(home), home / "shengzhou"
    assert "Publication r000001" in site.page("/en/").words
    entered, leave, seen = threading.Event(), threading.Event(), []

    def read_slowly() -> None:
        with site.court.reader() as reader:
            entered.set()
            leave.wait(20)
            seen.append((reader.snapshot.refresh.id, reader.ask("filed")[0].refresh_id))

    reading = threading.Thread(target=read_slowly)
    reading.start()
    assert entered.wait(20)
    new = target / "new.duckdb"
    shutil.copy(two_nights / "shengzhou/warehouse.duckdb", new)
    shutil.copy(two_nights / "shengzhou/landing/ledger.jsonl", target / "landing/ledger.jsonl")
    shutil.copytree(two_nights / "shengzhou/landing/blobs", target / "landing/blobs", dirs_exist_ok=True)
    new.replace(target / "warehouse.duckdb")
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(site.client.get("/en/").text))
    asking.start()
    asking.join(0.8)
    assert answers == [], "a request waits rather than see the old publication, which is still open"
    leave.set()
    asking.join(30)
    reading.join(30)
    assert seen == [("r000001", "r000001")]
    assert "Publication r000002" in answers[0] and "What changed since r000001" in answers[0]
    numbers = set(
        re.findall(r"@(r\d{6})", re.sub(r"<section aria-labelledby=\"changed\".*?</section>", "", answers[0], flags=re.S))
    )
    assert numbers == {"r000002"}, "every number leads to the same publication"


def test_a_page_is_kept_until_something_changes(open_site, one_night, tmp_path):
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    site = open_site(home)
    first = site.client.get("/en/").text
    with site.court.reader() as reader:
        reader.snapshot.connection.close()  # what is kept needs no warehouse
    kept = len(site.court.pages)
    assert site.client.get("/en/").text == first and len(site.court.pages) == kept
    (home / "shengzhou/warehouse.duckdb").touch()
    assert site.client.get("/en/").text == first and len(site.court.pages) == kept + 1


def test_home_is_small(pages):
    sizes = [len(pages.client.get(address).content) for address in ("/zh/", "/static/style.css", "/static/icon.svg")]
    assert sum(sizes) < 300_000


def test_a_host_that_others_reach_is_refused(capsys, tmp_path):
    for host in ("0.0.0.0", "192.168.1.5", "::", "example.org"):
        assert main(["serve", "--host", host, "--home", str(tmp_path), "--profile", "shengzhou"]) == 2
        assert "no sign-in yet" in capsys.readouterr().err
