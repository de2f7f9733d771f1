"""Values and comments as YAML text, by hand: no library at hand writes comments.

Belongs here: what is safe to write how. Does not belong here: what is written (`draft`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

PLAIN = re.compile(r"[^\W\d_][\w/ -]*", re.ASCII)
HAN = re.compile(r"[\u4e00-\u9fff]+")
WORDS = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))
"""Plain words that YAML takes for something else."""
WIDTH = 120


def value(found: Any) -> str:
    """A value in YAML on one line; nothing where it must be filled in."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int):
        return str(found)
    if isinstance(found, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {value(one)}" for key, one in found.items()) + "}"
    if isinstance(found, list | tuple):
        return "[" + ", ".join(map(value, found)) + "]"
    return scalar(str(found))


def scalar(text: str) -> str:
    """A text in YAML: plain where nobody could take it for anything else, else in quotes."""
    is_plain = (PLAIN.fullmatch(text) or HAN.fullmatch(text)) and text == text.strip() and text.lower() not in WORDS
    if is_plain and "  " not in text:
        return text
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=not text.isprintable())


def comment(text: str, indent: str = "") -> list[str]:
    """A comment in lines of bounded width; a question goes on below itself, so that `# ?` begins it alone."""
    lines, line = list[str](), ""
    for word in "".join(character if character.isprintable() else " " for character in text).split(" "):
        if line and len(indent) + len(line) + len(word) + 3 > WIDTH:
            lines.append(line)
            line = ("  " if text.startswith("? ") else "") + word
        else:
            line = f"{line} {word}" if line else word
    return [f"{indent}# {one}".rstrip() for one in [*lines, line]]
