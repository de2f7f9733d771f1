"""Rules and tolerances of one profile: a YAML file, at most a query beside it, no Python; mistakes named with file and line."""

import shutil

import pytest

from warehouse.catalogue.bundle import find_profile, pack, read_catalogue, unpack
from warehouse.catalogue.documents import DefinitionError
from warehouse.quality.rule import breaking_rows, read_rules

RULE = """\
id: OWN01
name_zh: 标的额过大
name_en: An amount too large
dimension: validity
severity: warns
looks_at: row
table: staged.new_cases
{how}
condition: more than 1,000 yuan
message: "{{column}} [{{value}}] is too much"
remedy_zh: 请核对
remedy_en: Check it
"""
CONDITION = "column: amount_applied\nbroken_where: amount_applied > 1000 and not coalesce(is_void, false)"
QUERY = """\
-- grain: one row that breaks the rule, and the column at fault
select
    delivered.delivery_no,
    delivered.record,
    delivered.line,
    delivered.case_key,
    delivered.court_code,
    'amount_applied' as column_name,
    cast(delivered.amount_applied as varchar) as value
from staged.new_cases as delivered
where delivered.amount_applied > 1000
    and not coalesce(delivered.is_void, false)
"""


@pytest.fixture
def court(tmp_path):
    """`court(rules, settings)`: the catalogue of a copy of the profile with these files in rules/ and lines in profile.yml."""

    def make(rules=None, settings=""):
        folder = tmp_path / "shengzhou"
        if not folder.exists():
            shutil.copytree(find_profile("shengzhou"), folder)
        (folder / "rules").mkdir(exist_ok=True)
        for name, text in (rules or {}).items():
            (folder / "rules" / name).write_text(text, "utf-8")
        profile = folder / "profile.yml"
        profile.write_text(profile.read_text("utf-8") + settings, "utf-8")
        return read_catalogue(folder)

    return make


@pytest.mark.parametrize(
    "files",
    [{"OWN01.yml": RULE.format(how=CONDITION)}, {"OWN01.yml": RULE.format(how=""), "OWN01.sql": QUERY}],
    ids=["a condition in YAML", "a query beside it"],
)
def test_a_rule_of_the_profile_finds_the_rows_that_break_it(court, files, bench, given):
    given("staged.new_cases", """
        case_number           | amount_applied | is_void
        （2016）浙0683民初1号 | 1000.00        |
        （2016）浙0683民初2号 | 1000.01        |
        （2016）浙0683民初3号 | 5000.00        | true
    """)  # fmt: skip
    catalogue = court(files)
    rule = read_rules(catalogue)["OWN01"]
    found = bench.store.rows(breaking_rows(catalogue, rule), {})
    assert found == [(1, 2, 3, "浙0683-2016-民初-2", "浙0683", "amount_applied", "1000.01")]


def test_a_replay_asks_the_rules_of_the_profile_as_they_were(court, tmp_path):
    packed = pack(court({"OWN01.yml": RULE.format(how=CONDITION)}))
    assert (
        read_rules(unpack(packed, tmp_path / "bundle"))["OWN01"].broken_where
        == "amount_applied > 1000 and not coalesce(is_void, false)"
    )


def test_a_tolerance_of_the_profile_stands_in_the_place_of_that_of_the_rule(court):
    own = read_rules(court(settings="tolerances:\n  DQ02: {share: 0.01, reason: the counters began with the form in June}\n"))
    assert (own["DQ02"].tolerance, own["DQ02"].tolerance_reason) == (0.01, "the counters began with the form in June")
    assert read_rules(read_catalogue(find_profile("shengzhou")))["DQ02"].tolerance == 0.005  # dictionary, section 12


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("DQ16.yml", RULE.format(how=CONDITION).replace("OWN01", "DQ16"), "rules/DQ16.yml:1: there is a rule [DQ16] already"),
        ("OWN02.yml", RULE.format(how=CONDITION), "rules/OWN02.yml:1: the id is [OWN01] in a file named [OWN02]"),
        ("OWN01.yml", RULE.format(how=""), "there is no query that finds the rows that break the rule. Add OWN01.sql beside it"),
        ("OWN01.yml", RULE.format(how=CONDITION.replace("amount_applied >", "amount_aplied >")),
         "staged.new_cases has no column [amount_aplied]. Nearest: amount_applied"),
        ("OWN01.yml", RULE.format(how=CONDITION.replace("> 1000 and", "> > and")), "this is no condition"),
        ("OWN01.yml", RULE.format(how="column: amount_applied\nbroken_where: amount_applied > (select 1)"),
         "it holds a statement of its own"),
        ("OWN01.yml", RULE.format(how="broken_where: amount_applied > 1000"), "with the `column` at fault"),
        ("OWN01.yml", RULE.format(how=CONDITION).replace("staged.new_cases", "model.cases"), "`broken_where` is for rules on rows"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_asked_is_named_with_file_line_and_mend(court, name, text, complaint):
    catalogue = court({name: text})
    with pytest.raises(DefinitionError) as refused:
        read_rules(catalogue)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [("DQ98", "there is no rule [DQ98]"), ("DQ20", "[DQ20] has no tolerance"), ("DQ33", "[DQ33] has no tolerance"),
     ("CONSERVATION", "[CONSERVATION] has no tolerance")],
)  # fmt: skip
def test_a_tolerance_that_no_rule_can_have_is_refused(court, rule, complaint):
    catalogue = court(settings=f"tolerances:\n  {rule}: {{share: 0.01, reason: because}}\n")
    with pytest.raises(DefinitionError) as refused:
        read_rules(catalogue)
    assert complaint in str(refused.value) and "shengzhou/profile.yml:" in str(refused.value)
