"""The scopes 不含执恢, 不含执保 and 含诉前调: one reading of each metric that names them (dictionary M01, sections 6 and 11)."""

# The drawings keep their form.
# fmt: off

import pytest

SCOPES = ("without_resumed", "without_preservation", "with_mediation")

DOCKET = """
    case_key | type_code | registered_on | closed_on  | reopened_on | is_counted | is_mediation
    a        | 民初      | 2015-12-01    | 2016-03-02 |             | true       | false
    b        | 民初      | 2016-03-01    |            |             | true       | false
    c        | 执恢      | 2015-11-01    | 2016-03-03 |             | true       | false
    d        | 执恢      | 2016-03-04    |            |             | true       | false
    e        | 执恢      | 2016-03-04    | 2016-03-30 |             | true       | false
    f        | 执保      | 2016-03-05    | 2016-03-06 |             | true       | false
    g        | 执        | 2016-03-05    |            |             | true       | false
    h        | 执保      | 2016-01-05    | 2016-03-20 | 2016-03-10  | true       | false
    m        | 诉前调    | 2016-02-20    | 2016-03-09 |             | false      | true
    n        | 诉前调    | 2016-03-21    |            |             | false      | true
    o        | 财保      | 2016-03-21    |            |             | false      | false
"""
"""In March: pending before it a c h (and m); filed b d e f g (and n); h ended on the 10th and was reopened, with it closed a c
e f h h (and m); pending at the end b d g (and n). o is no case, and no mediation either.
"""


@pytest.fixture
def docket(given):
    given("model.cases", DOCKET)
    return given


def test_counts_in_each_scope(docket, expect):
    # 执恢: c before; d e filed; c e closed; d at the end. 执保: h before; f filed; f h h closed; h reopened.
    expect("figures", """
        metric                             | period  | value
        filed                              | 2016-03 | 5
        filed.without_resumed              | 2016-03 | 3
        filed.without_preservation         | 2016-03 | 4
        filed.with_mediation               | 2016-03 | 6
        closed                             | 2016-03 | 6
        closed.without_resumed             | 2016-03 | 4
        closed.without_preservation        | 2016-03 | 3
        closed.with_mediation              | 2016-03 | 7
        reopened                           | 2016-03 | 1
        reopened.without_resumed           | 2016-03 | 1
        reopened.without_preservation      | 2016-03 | 0
        reopened.with_mediation            | 2016-03 | 1
        pending_start                      | 2016-03 | 3
        pending_start.without_resumed      | 2016-03 | 2
        pending_start.without_preservation | 2016-03 | 2
        pending_start.with_mediation       | 2016-03 | 4
        pending_end                        | 2016-03 | 3
        pending_end.without_resumed        | 2016-03 | 2
        pending_end.without_preservation   | 2016-03 | 3
        pending_end.with_mediation         | 2016-03 | 4
        mediations_filed                   | 2016-03 | 1
        mediations_closed                  | 2016-03 | 1
        mediations_pending_start           | 2016-03 | 1
        mediations_pending_end             | 2016-03 | 1
    """)


def test_ratios_read_each_part_in_the_scope(docket, expect):
    # 受理 3+5; 2+3; 2+4; 4+6. C/(O+F): 6/8, 4/5, 3/6, 7/10. C/F: 6/5, 4/3, 3/4, 7/6. C/(F+R): 6/6, 4/4, 3/4, 7/7.
    # days 31 · pending: 31·3/6, 31·2/4, 31·3/3, 31·4/7
    expect("figures", """
        metric                                        | period  | numerator | denominator
        accepted_r1                                   | 2016-03 | 8         |
        accepted_r1.without_resumed                   | 2016-03 | 5         |
        accepted_r1.without_preservation              | 2016-03 | 6         |
        accepted_r1.with_mediation                    | 2016-03 | 10        |
        accepted_r2.without_resumed                   | 2016-03 | 3         |
        accepted_r2.without_preservation              | 2016-03 | 4         |
        accepted_r2.with_mediation                    | 2016-03 | 6         |
        closing_rate_cn.without_resumed               | 2016-03 | 4         | 5
        closing_rate_cn.without_preservation          | 2016-03 | 3         | 6
        closing_rate_cn.with_mediation                | 2016-03 | 7         | 10
        disposal_filing_ratio_cn.without_resumed      | 2016-03 | 4         | 3
        disposal_filing_ratio_cn.without_preservation | 2016-03 | 3         | 4
        disposal_filing_ratio_cn.with_mediation       | 2016-03 | 7         | 6
        clearance_rate_cepej.without_resumed          | 2016-03 | 4         | 4
        clearance_rate_cepej.without_preservation     | 2016-03 | 3         | 4
        clearance_rate_cepej.with_mediation           | 2016-03 | 7         | 7
        case_turnover_cepej.without_resumed           | 2016-03 | 4         | 2
        case_turnover_cepej.without_preservation      | 2016-03 | 3         | 3
        case_turnover_cepej.with_mediation            | 2016-03 | 7         | 4
        disposition_time_cepej.without_resumed        | 2016-03 | 62        | 4
        disposition_time_cepej.without_preservation   | 2016-03 | 93        | 3
        disposition_time_cepej.with_mediation         | 2016-03 | 124       | 7
    """, data_from="2016-01-01")


def test_inactive_status_in_each_scope(given, expect):
    # b was suspended and came back in March; so did d, a resumption. Outgoing: 2 placed inactive; incoming: 2 back.
    given("model.cases", """
        case_key | type_code | registered_on
        b        | 民初      | 2016-02-01
        d        | 执恢      | 2016-02-02
    """)
    given("model.clock_events", """
        case_key | kind       | reason     | from_on    | to_on
        b        | suspension | suspension | 2016-03-02 | 2016-03-20
        d        | suspension | suspension | 2016-03-03 | 2016-03-21
    """)
    expect("figures", """
        metric                                   | period  | numerator | denominator
        placed_inactive                          | 2016-03 | 2         |
        placed_inactive.without_resumed          | 2016-03 | 1         |
        placed_inactive.without_preservation     | 2016-03 | 2         |
        placed_inactive.with_mediation           | 2016-03 | 2         |
        reactivated.without_resumed              | 2016-03 | 1         |
        reactivated.without_preservation         | 2016-03 | 2         |
        reactivated.with_mediation               | 2016-03 | 2         |
        clearance_rate_ncsc.without_resumed      | 2016-03 | 1         | 1
        clearance_rate_ncsc.without_preservation | 2016-03 | 2         | 2
        clearance_rate_ncsc.with_mediation       | 2016-03 | 2         | 2
    """)


def test_what_a_scope_leaves_out_is_no_value_and_what_it_adds_occurs_in_it_alone(docket, expect):
    expect("figures", """
        metric                | period  | counts_as                | value
        filed                 | 2016-03 | civil_first              | 1
        filed                 | 2016-03 | enforcement_first        | 1
        filed                 | 2016-03 | enforcement_preservation | 1
        filed                 | 2016-03 | enforcement_resumed      | 2
        filed.without_resumed | 2016-03 | civil_first              | 1
        filed.without_resumed | 2016-03 | enforcement_first        | 1
        filed.without_resumed | 2016-03 | enforcement_preservation | 1
        filed.with_mediation  | 2016-03 | civil_first              | 1
        filed.with_mediation  | 2016-03 | enforcement_first        | 1
        filed.with_mediation  | 2016-03 | enforcement_preservation | 1
        filed.with_mediation  | 2016-03 | enforcement_resumed      | 2
        filed.with_mediation  | 2016-03 | not_a_case               | 1
    """)


def test_no_zero_stands_for_a_class_that_the_scope_does_not_know(docket, bench):
    from warehouse.reading.figures import Reader

    bench.reckon("2016-12-31", "2012-01-01", ["filed", "closing_rate_cn"])
    reader = Reader(bench.count(["filed", "closing_rate_cn"]), bench.catalogue.profile.settings.calendars)

    def classes(name):
        return {figure.dims["family"] for figure in reader.ask(name, by=("family",))}

    assert classes("filed") == classes("closing_rate_cn.without_resumed") == {"civil", "enforcement"}
    assert classes("filed.with_mediation") == {"civil", "enforcement", "not_a_case"}
    assert classes("closing_rate_cn.with_mediation") == {"civil", "enforcement", "not_a_case"}
    kinds = {figure.dims["counts_as"] for figure in reader.ask("closing_rate_cn.without_resumed", by=("counts_as",))}
    assert kinds == {"civil_first", "enforcement_first", "enforcement_preservation"}


def test_the_scope_printed_on_a_figure_is_that_of_its_reading(docket, bench):
    from warehouse.reading.figures import Reader

    bench.reckon("2016-12-31", "2012-01-01", ["closing_rate_cn"])
    reader = Reader(bench.count(["closing_rate_cn"]), bench.catalogue.profile.settings.calendars)
    printed = {name: reader.ask(f"closing_rate_cn{name}")[0].as_json()["scope"] for name in ("", *(f".{s}" for s in SCOPES))}
    assert printed == {
        "": "incl. 执恢, 执保; excl. 诉前调", ".without_resumed": "incl. 执保; excl. 执恢, 诉前调",
        ".without_preservation": "incl. 执恢; excl. 执保, 诉前调", ".with_mediation": "incl. 执恢, 执保, 诉前调",
    }
    assert reader.ask("closing_rate_cn.with_reopened")[0].as_json()["scope"] == printed[""]
    chinese = {name: reader.ask(f"closing_rate_cn.{name}")[0].scope_zh for name in ("with_reopened", *SCOPES)}
    assert chinese == {
        "with_reopened": "含执恢、执保；不含诉前调", "without_resumed": "含执保；不含执恢、诉前调",
        "without_preservation": "含执恢；不含执保、诉前调", "with_mediation": "含执恢、执保、诉前调",
    }


def test_a_scope_costs_no_query_but_for_what_it_adds(catalogue):
    for metric in catalogue.metrics.values():
        assert not set(metric.counted_variants) & set(SCOPES)
    assert catalogue.metrics["filed"].variants["with_mediation"].adds == "mediations_filed"
    assert catalogue.metrics["reopened"].variants["with_mediation"].adds == ""  # no mediation is told to be reopened


def test_a_profile_without_such_records_has_no_figure_with_them():
    from warehouse.catalogue.bundle import find_profile, read_catalogue

    other = read_catalogue(find_profile("fjc_ch12"))
    assert other.applies(other.metrics["filed"]) and not other.applies(other.metrics["mediations_filed"])


def test_the_definition_names_its_scopes_and_they_are_part_of_its_version(catalogue):
    sample = catalogue.metrics["filed"]
    assert list(sample.variants) == list(SCOPES) == list(sample.scopes)
    assert catalogue.metrics["disposition_time_cepej"].formula_of("without_resumed") == (
        "days * pending_end.without_resumed / closed.without_resumed")
