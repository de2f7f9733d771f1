"""closed_without_limit (无审限结案): closings for which no limit is known (dictionary, section 4.4)."""

# The drawings keep their form.
# fmt: off


def test_a_procedure_that_is_not_told_a_foreign_party_and_a_kind_without_a_limit(given, expect):
    # a, e: have one; b: the procedure is not told; c: foreign-related; d: preservation, for which no text sets a limit
    given("model.cases", """
        case_key | type_code | procedure  | registered_on | closed_on
        a        | 民初      | ordinary   | 2016-01-04    | 2016-01-20
        b        | 民初      |            | 2016-01-04    | 2016-01-20
        c        | 民初      | ordinary   | 2016-01-04    | 2016-01-20
        d        | 执保      |            | 2016-01-04    | 2016-01-20
        e        | 执        |            | 2016-01-04    | 2016-01-20
        f        | 民初      |            | 2016-01-04    |
    """)
    given("model.clock_events", """
        case_key | kind         | reason          | from_on
        c        | circumstance | foreign_related | 2016-01-04
    """)
    expect("figures", """
        metric                   | period  | case_type | value
        closed_without_limit     | 2016-01 | 民初      | 2
        closed_without_limit     | 2016-01 | 执保      | 1
    """)


def test_closings_with_and_without_a_limit_are_all_closings(given, expect):
    given("model.cases", """
        case_key | procedure  | registered_on | closed_on
        a        | simplified | 2016-01-04    | 2016-01-20
        b        |            | 2016-01-04    | 2016-01-20
        c        | simplified | 2015-01-05    | 2016-01-20
    """)
    expect("figures", """
        metric                   | period  | numerator | denominator
        closed                   | 2016-01 | 3         |
        closed_without_limit     | 2016-01 | 1         |
        within_lawful_limit_rate | 2016-01 | 1         | 2
    """)
