"""What is written can be read: by contrast in light and dark, and without colour by the hatching."""

from __future__ import annotations

import re

import pytest

from warehouse.catalogue.query import HOUSE

CSS = (HOUSE / "pipelines/web/static/style.css").read_text("utf-8")
READ_ON = [("ink", "paper"), ("ink", "panel"), ("soft", "paper"), ("soft", "panel"), ("link", "paper"), ("link", "panel"),
           ("signal", "paper"), ("held", "paper"), ("mark", "mark-paper"), ("paper", "ink"),
           *(("heat-ink", f"l{level}") for level in range(1, 6))]  # fmt: skip


def palette(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1])) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), READ_ON)
def test_text_has_a_contrast_of_four_and_a_half(scheme, text, ground):
    colours = palette(scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_of_charts_have_a_contrast_of_three(scheme):
    colours = palette(scheme)
    assert all(contrast(colours["line"], colours[ground]) >= 3 for ground in ("paper", "band"))


def test_a_style_sheet_loads_nothing():
    assert not re.search(r"url\(|@import|@font-face", CSS)


def test_each_level_of_the_heat_map_has_a_pattern_of_its_own():
    gaps = re.findall(r"\.heat \.l[2-5] \{ background: repeating-linear-gradient\([^;]*transparent 1px (\d+)px\)", CSS)
    assert gaps == ["10", "7", "5", "3"]
