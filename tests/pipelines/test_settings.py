"""Settings: caseload.toml, environment, options; the later wins, and what is unknown is named."""

import contextlib
import io
import json
import shutil

import pytest

from pipelines.cli import main
from pipelines.settings import BadSetting, read_settings
from warehouse.catalogue.bundle import PROFILES


@pytest.fixture
def checkout(tmp_path):
    """`checkout(text)`: a folder with a caseload.toml, and a folder deep below it."""

    def write(text):
        (tmp_path / "caseload.toml").write_text(text, "utf-8")
        below = tmp_path / "a" / "b"
        below.mkdir(parents=True, exist_ok=True)
        return below

    return write


def test_without_any_setting_data_live_below_the_current_folder(tmp_path):
    found = read_settings({}, {}, tmp_path)
    assert (found.home, found.profile, found.lang) == (tmp_path / "warehouse/data", "shengzhou", "en")


def test_the_file_is_found_upward_and_its_home_is_beside_it(checkout, tmp_path):
    found = read_settings({}, {}, checkout('profile = "fjc_ch12"\nlang = "zh"\n'))
    assert (found.home, found.profile, found.lang) == (tmp_path / "warehouse/data", "fjc_ch12", "zh")
    assert read_settings({}, {}, checkout('home = "elsewhere"\n')).home == tmp_path / "elsewhere"


def test_the_environment_wins_over_the_file_and_an_option_over_both(checkout):
    below = checkout('home = "of_file"\nprofile = "of_file"\nlang = "zh"\n')
    environment = {"CASELOAD_HOME": "/of_environment", "CASELOAD_PROFILE": "of_environment", "CASELOAD_LANG": "en"}
    found = read_settings({}, environment, below)
    assert (str(found.home), found.profile, found.lang) == ("/of_environment", "of_environment", "en")
    found = read_settings({"home": "/of_option", "profile": "of_option", "lang": "zh"}, environment, below)
    assert (str(found.home), found.profile, found.lang) == ("/of_option", "of_option", "zh")
    found = read_settings({"home": None, "profile": None, "lang": None}, {"CASELOAD_LANG": ""}, below)
    assert (found.home.name, found.profile, found.lang) == ("of_file", "of_file", "zh")


def test_a_home_of_the_environment_or_an_option_is_seen_from_the_current_folder(checkout):
    below = checkout('home = "of_file"\n')
    assert read_settings({}, {"CASELOAD_HOME": "mine"}, below).home == below / "mine"
    assert read_settings({"home": "../mine"}, {}, below).home == below.parent / "mine"


@pytest.mark.parametrize(("text", "said"), [
    ('hom = "x"\n', "caseload.toml has a setting [hom] that is unknown. Nearest: home"),
    ("home = 3\n", "caseload.toml says home = [3]. It is a text in quotes"),
    ("home = \n", "caseload.toml cannot be read"),
    ('lang = "fr"\n', "the language is [fr]. It is zh or en"),
])  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named(checkout, text, said):
    with pytest.raises(BadSetting) as caught:
        read_settings({}, {}, checkout(text))
    assert said in str(caught.value)


def test_a_bad_setting_is_one_line_and_exit_2(caseload, checkout, monkeypatch):
    monkeypatch.chdir(checkout('hom = "x"\n'))
    said = caseload("status")
    assert (said.code, said.out) == (2, "")
    assert said.err == "caseload: caseload.toml has a setting [hom] that is unknown. Nearest: home.\n"


def test_the_command_line_reads_them_all(caseload, checkout, published, monkeypatch):
    monkeypatch.chdir(checkout(f'home = "{published}"\nlang = "zh"\n'))
    said = caseload("status")
    assert said.code == 0 and "合成数据" in said.out
    monkeypatch.setenv("CASELOAD_LANG", "en")
    assert "SYNTHETIC" in caseload("status").out
    assert "合成数据" in caseload("status", "--lang", "zh").out
    monkeypatch.setenv("CASELOAD_PROFILE", "fjc_ch12")
    assert caseload("status", "--json").json["profile"] == "fjc_ch12"


# --- a profile that lives elsewhere


def our_court(root):
    """A court of another name, in a folder outside the project."""
    folder = root / "our court" / "profile"
    shutil.copytree(PROFILES / "shengzhou", folder)
    text = (folder / "profile.yml").read_text("utf-8")
    text = text.replace("id: shengzhou", "id: our_court").replace("time_zone: Asia/Shanghai", "time_zone: Europe/Zurich")
    (folder / "profile.yml").write_text(text.replace("cases: 54456, seed: 683", "cases: 500, seed: 7"), "utf-8")
    (folder / "control_totals.csv").unlink()  # totals of another court
    return folder


@pytest.fixture
def elsewhere(tmp_path):
    return our_court(tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Its profile, its home after a refresh with its sample, and what that said. To be copied, not changed."""
    folder, home, said = our_court(tmp_path_factory.mktemp("elsewhere")), tmp_path_factory.mktemp("filled"), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        assert main(["refresh", "--sample", "--profile", str(folder), "--home", str(home)]) == 0
    return folder, home, said.getvalue()


def test_a_profile_by_the_path_of_its_folder_is_refreshed_and_asked_like_any_other(caseload, filled, monkeypatch):
    folder, home, said = filled
    monkeypatch.chdir(folder.parent)
    assert "files put into the inbox" in said
    assert sorted(path.name for path in home.iterdir()) == ["our_court"]
    assert all("synthetic-500-7" in path.name for path in (home / "our_court/inbox").glob("*/*"))
    (figure,) = caseload("figures", "filed", "--format", "json", "--profile", "./profile", home=home).json
    assert (figure["value"], figure["refresh_id"]) == (500, "r000001")
    status = caseload("status", "--json", "--profile", str(folder), home=home).json
    assert status["profile"] == "our_court" and status["next_run"].endswith(("T02:00+01:00", "T02:00+02:00"))
    found = caseload("explain", "filed/2014", "--rows", "1", "--json", "--profile", str(folder), home=home).json
    assert found["rows_total"] == found["value"]
    assert caseload("verify", "--profile", str(folder), home=home).code == 0


def test_the_sample_fills_what_is_missing_and_leaves_what_is_there(caseload, filled, tmp_path):
    folder, home, _ = filled
    copy = shutil.copytree(home, tmp_path / "home")
    inbox = copy / "our_court/inbox"
    gone = next(inbox.glob("cases/*2014*"))
    content = gone.read_bytes()
    gone.unlink()
    kept = next(inbox.glob("cases/*2013*"))
    kept.write_bytes(kept.read_bytes() + b"\r\n")
    again = caseload("refresh", "--sample", "--profile", str(folder), home=copy)
    assert again.code == 0 and gone.read_bytes() == content and kept.read_bytes().endswith(b"\r\n\r\n")
    assert not list(inbox.rglob("*.part"))


def test_a_profile_that_does_not_hold_together_names_file_line_and_mend(caseload, elsewhere, empty):
    text = (elsewhere / "profile.yml").read_text("utf-8")
    (elsewhere / "profile.yml").write_text(text.replace("case_source:", "case_sorce:"), "utf-8")
    for command in ("status", "refresh"):
        said = caseload(command, "--profile", str(elsewhere), home=empty)
        assert said.code == 2 and said.out == ""
        assert "profile/profile.yml:13: there is no key [case_sorce]. Nearest: case_source" in said.err


def test_json_of_figures_is_the_same_in_both_languages(caseload, published):
    english, chinese = (caseload("figures", "--format", "json", "--lang", lang, home=published).out for lang in ("en", "zh"))
    assert json.loads(english) == json.loads(chinese)
