"""Settings: caseload.toml, environment, options; read once and passed down. The later wins."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from warehouse.catalogue.bundle import find_profile
from warehouse.catalogue.documents import nearest
from warehouse.store.place import Place

FILE = "caseload.toml"
KNOWN = ("home", "profile", "lang")


class BadSetting(Exception):
    """A setting that cannot be used; the message says where it stands and what to do."""


@dataclass(frozen=True)
class Settings:
    """Where data live, whose they are, and the language of words."""

    home: Path
    profile: str
    lang: str

    @property
    def profile_folder(self) -> Path:
        """The profile's folder. Raises DefinitionError where there is none."""
        return find_profile(self.profile)

    def place(self, profile_id: str) -> Place:
        """Where the data of a profile live."""
        return Place(self.home / profile_id)


def program_version() -> str:
    """The version of this program."""
    return version("court-caseload")


def read_settings(
    options: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Settings:
    """The settings in force.

    Raises:
        BadSetting: caseload.toml cannot be read, or holds what is unknown.
    """
    environment = os.environ if environment is None else environment
    cwd = cwd or Path.cwd()
    file = next((folder / FILE for folder in (cwd, *cwd.parents) if (folder / FILE).is_file()), None)
    found = _from_file(file) if file else {}
    found |= {key: environment[f"CASELOAD_{key.upper()}"] for key in KNOWN if environment.get(f"CASELOAD_{key.upper()}")}
    found |= {key: value for key, value in (options or {}).items() if value}
    default_home = (file.parent if file else cwd) / "warehouse" / "data"
    lang = found.get("lang", "en")
    if lang not in ("zh", "en"):
        raise BadSetting(f"the language is [{lang}]. It is zh or en")
    home = Path(found["home"]).expanduser() if "home" in found else default_home
    return Settings((cwd / home).resolve(), found.get("profile", "shengzhou"), lang)


def _from_file(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{FILE} cannot be read ({error}). Mend the file") from None
    for key, value in found.items():
        if key not in KNOWN:
            raise BadSetting(f"{FILE} has a setting [{key}] that is unknown. {nearest(key, list(KNOWN))}")
        if not isinstance(value, str):
            raise BadSetting(f"{FILE} says {key} = [{value}]. It is a text in quotes")
    if "home" in found:
        found["home"] = str(file.parent / Path(found["home"]).expanduser())
    return found
