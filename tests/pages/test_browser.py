"""A real browser on the real command: what a reader sees, presses, prints, takes away, with scripts and without.

Whatever a page says on the console, or asks of another host, fails the test that opened it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pypdf import PageObject, PdfReader

from pipelines.web.app import PAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: install it (apt-get install chromium)")

PATHS = (
    "", "?as_of=r000001&family=civil&period=2016-09", "figures/filed", "figures/same_day_registration_rate?by=channel",
    "explain/filed/2016-09", "explain/same_day_registration_rate/2016-09", "definitions",
    "definitions/same_day_registration_rate", "quality", "quality/DQ05", "changes/r000001..r000002", "caseload", "timeliness",
    "enforcement", "registration", "benches", "audit", "audit/near_limit", "ledger", "ledger/3",
    "sql?statement=select+*+from+published.refreshes", "about", "nothing", "bulletin", "lasting", "lasting?family=civil&from=2014",
    "findings?param.status=all", "limits", "reconciliation",
)  # fmt: skip
LOOKS = {"zh": (("light", 1280), ("dark", 360)), "en": (("light", 360),)}
"""In which schemes and widths a page is looked at. Both languages have one markup and one palette: English, the longer, has the narrow."""
READERS = (("zh", True), ("en", False))
"""Language, and whether their browser runs scripts: no page has any."""
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
A4_POINTS, A4_ROOM = (595, 842), 703
"""A sheet in points, and how wide it is between our margins in pixels."""
RADICALS = str.maketrans("⺠⻅⻋⻓⻔⻚⻛⻢⻥⻦⻩", "民见车长门页风马鱼鸟黄")
"""A font has one outline for a radical and its character; the file that is printed may name the radical, Unicode holds them apart."""


@pytest.fixture(scope="module")
def served(two_nights: Path) -> Iterator[str]:
    """The address at which `caseload serve` serves the two publications."""
    command = [
        sys.executable,
        "-c",
        "from pipelines.cli import main; main()",
        "serve",
        "--port",
        "0",
        "--home",
        str(two_nights),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+)/", told)
        assert found, told
        yield found[1]
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def browser(served: str) -> Iterator[Browser]:
    """Debian's Chromium, which finds no host but this one. It starts after the homes are made: they have a loop of their own."""
    with sync_playwright() as driver:
        alone = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=alone)
        yield chromium
        chromium.close()


@dataclass
class Opened:
    """Pages of a test, each in a context of its own, at the address that is served; what they said, and whom they asked."""

    browser: Browser
    served: str
    said: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def __call__(self, path: str, **options: object) -> Page:
        page = self.browser.new_context(**options).new_page()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.add(request.url))
        page.goto(self.served + path)
        return page

    def hear(self, message: ConsoleMessage) -> None:
        # The browser itself notes that the page that is not there was answered by 404.
        if not (message.location["url"].endswith("/nothing") and "404" in message.text):
            self.said.append(f"{message.type}: {message.text}")


@pytest.fixture
def opened(browser: Browser, served: str) -> Iterator[Opened]:
    """Opens pages; closes them at the end, when none may have said anything or asked elsewhere."""
    pages = Opened(browser, served)
    yield pages
    for context in browser.contexts:
        context.close()
    assert pages.said == []
    assert {url for url in pages.asked if not url.startswith(f"{served}/")} == set()
    assert any("/static/style.css" in url for url in pages.asked), "what is asked for is heard at all"


def faults(page: Page) -> list[str]:
    """What axe finds on a page: rule, place, reason."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "options => axe.run(options).then(({violations, passes}) => ({violations, passed: passes.length}))", AXE
    )
    assert found["passed"] > 20, "it has looked"
    return [f"{one['id']} {node['target']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]


def table(page: Page) -> list[str]:
    """The rows of the first table, as they are read."""
    return page.locator("main table").first.locator("tr").all_inner_texts()


def test_every_kind_of_page_is_looked_at():
    assert {re.split(r"[/?]", path)[0] for path in PATHS} == {*PAGES, "nothing"}


def where(address: str) -> tuple[str, dict[str, list[str]]]:
    """The path of an address, and what it asks for."""
    return urlsplit(address).path, parse_qs(urlsplit(address).query)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule_of_access_and_fits_a_telephone_in_both_languages(opened: Opened, path: str):
    page = opened(f"/zh/{path}")
    for lang, looks in LOOKS.items():
        if lang == "en":
            page.locator(".tongue a").click()
            assert where(page.url) == where(f"{opened.served}/en/{path}"), "the same in the other language"
        assert page.locator("html").get_attribute("lang") == lang
        for scheme, width in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            if width == 360:  # and what is folded away is looked at there as well
                page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert faults(page) == [], f"{lang}, {scheme}, {width}"


@pytest.mark.parametrize(("lang", "scripts"), READERS)
def test_a_number_leads_to_the_lines_that_it_counts_and_back(opened: Opened, lang: str, scripts: bool):
    page = opened(f"/{lang}/", java_script_enabled=scripts)
    number = page.locator("[data-metric=filed] .big a")
    shown = number.inner_text()
    number.click()
    assert where(page.url) == (f"/{lang}/explain/filed/2016-10@r000002", {})
    assert page.locator(".huge").inner_text() == shown
    rows = page.locator("table.rows tbody tr")
    assert rows.count() == int(shown)
    place = rows.first.locator(".file")
    assert place.is_visible() and re.match(r"cases\S*\.csv\n(line \d+|第\d+行)", place.inner_text())
    assert not rows.first.locator("dl.raw").first.is_visible()
    rows.first.locator("summary").click()
    assert rows.first.locator("dl.raw").first.is_visible()
    page.go_back()
    assert page.url == f"{opened.served}/{lang}/" and number.inner_text() == shown


@pytest.mark.parametrize(("lang", "scripts"), READERS)
def test_filters_stand_in_the_address_which_shows_anybody_the_same(opened: Opened, lang: str, scripts: bool):
    page = opened(f"/{lang}/figures/filed", java_script_enabled=scripts)
    before = table(page)
    page.locator("[name=family]").select_option("civil")
    page.locator("[name=by]").select_option("procedure")
    page.locator("[name=from]").fill("2016-01")
    page.locator("[name=to]").fill("2016-06")
    page.locator(".filters button").click()
    asked = where(page.url)[1]
    assert asked.items() >= {"family": ["civil"], "by": ["procedure"], "from": ["2016-01"], "to": ["2016-06"]}.items()
    after = table(page)
    assert len(after) == 7 and after != before, "a head and six months"
    other = opened(page.url.removeprefix(opened.served), java_script_enabled=scripts)
    assert table(other) == after
    assert other.locator("[name=family]").input_value() == "civil" and other.locator("[name=from]").input_value() == "2016-01"


@pytest.mark.parametrize("lang", LOOKS)
def test_a_click_takes_the_same_file_away_as_its_address(opened: Opened, lang: str):
    for path, link, name in (
        ("figures/filed?kind=year", ".aside >> text=CSV", "filed.csv"),
        ("figures/filed?kind=year", ".aside >> text=XLSX", "filed.xlsx"),
        ("explain/filed/2016-09", ".note a[download]", "filed_2016-09_r000002.zip"),
    ):
        page = opened(f"/{lang}/{path}")
        with page.expect_download() as waiting:
            page.locator(link).click()
        kept = waiting.value
        assert kept.suggested_filename == name
        with urlopen(kept.url) as answer:
            assert Path(kept.path()).read_bytes() == answer.read() != b""


def fonts(sheet: PageObject) -> Iterator[tuple[str, bool]]:
    """The fonts of a printed sheet by name, and whether their outlines are in the file."""
    for font in sheet["/Resources"]["/Font"].values():
        one = font.get_object()
        one = one["/DescendantFonts"][0].get_object() if "/DescendantFonts" in one else one
        held = {*one, *one.get("/FontDescriptor", {})}
        yield str(one.get("/BaseFont", one["/Subtype"])), bool(held & {"/CharProcs", "/FontFile", "/FontFile2", "/FontFile3"})


def squeezed(text: str) -> str:
    """A text without its spaces, by which lines are broken, and with characters in place of radicals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(RADICALS)


@pytest.mark.parametrize(
    "path", ["", "registration", "explain/filed/2016-09", "sql?statement=select+*+from+published.refreshes"]
)
def test_a_page_prints_in_chinese_on_a4_and_no_cell_is_cut(opened: Opened, path: str):
    page = opened(f"/zh/{path}")
    cells = {squeezed(cell) for cell in page.locator("main th, main td").all_inner_texts()}
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    for sheet in printed.pages:
        assert (float(sheet.mediabox.width), float(sheet.mediabox.height)) == pytest.approx(A4_POINTS, abs=1)
    used = [font for sheet in printed.pages for font in fonts(sheet)]
    assert used and [name for name, is_held in used if not is_held] == []
    text = squeezed("".join(sheet.extract_text() for sheet in printed.pages))
    assert "合成数据" in text and len(cells) > 10
    assert {cell for cell in cells if cell not in text} == set()
    # What is wider than the sheet would be printed smaller, up to a limit, and then cut.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4_ROOM, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_ROOM


@dataclass(frozen=True)
class Focus:
    """Where the keyboard is, and whether that can be seen."""

    at: str
    outline: str
    left: float
    top: float
    right: float

    @property
    def is_seen(self) -> bool:
        return not re.match(r"none|0px", self.outline) and min(self.left, self.top) >= 0 and self.right <= 1280


def focus(page: Page) -> Focus:
    """By the address of a link, or the name of a field."""
    return Focus(*page.evaluate("""() => {
        const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one)
        const outline = style.outlineStyle == 'none' ? 'none' : style.outlineWidth
        return [one.href || one.name || one.id || one.tagName, outline, box.left, box.top, box.right]
    }"""))  # fmt: skip


@pytest.mark.parametrize("lang", LOOKS)
def test_keys_alone_reach_the_first_number_and_its_explanation(opened: Opened, lang: str):
    page = opened(f"/{lang}/", viewport={"width": 1280, "height": 800})
    number = page.locator("[data-metric=filed] .big a").evaluate("link => link.href")
    page.keyboard.press("Tab")
    assert focus(page).at == f"{opened.served}/{lang}/#main" and focus(page).is_seen, "the first stop skips to the content"
    page.keyboard.press("Enter")
    assert focus(page).at == "main"
    stops: list[Focus] = []
    while len(stops) < 20 and (not stops or stops[-1].at != number):
        page.keyboard.press("Tab")
        stops.append(focus(page))
    assert [stop.at for stop in stops[:2]] == ["period", "family"] and stops[-1].at == number
    assert [stop for stop in stops if not stop.is_seen] == []
    page.keyboard.press("Enter")
    page.wait_for_url(number)
    assert page.locator(".huge").is_visible()
