"""simplified_share (简易程序适用率), small_claims_share (小额诉讼程序适用率): by the procedure at closing (dictionary M26)."""

# The drawings keep their form.
# fmt: off


def test_by_the_procedure_at_closing_whatever_it_was_before(given, expect):
    # d began under simplified procedure and was converted: it closed as ordinary.
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | procedure
        a        | 民初      | 2016-01-04    | 2016-03-01 | simplified
        b        | 民初      | 2016-01-04    | 2016-03-02 | simplified
        c        | 民初      | 2016-01-04    | 2016-03-03 | small_claims
        d        | 民初      | 2016-01-04    | 2016-03-04 | ordinary
        e        | 民初      | 2016-01-04    | 2016-03-05 |
        f        | 刑初      | 2016-01-04    | 2016-03-05 | simplified
    """)
    given("model.clock_events", """
        case_key | kind             | reason   | from_on    | former_procedure
        d        | procedure_change | ordinary | 2016-02-04 | simplified
    """)
    expect("figures", """
        metric                             | period  | numerator | denominator
        simplified_share                   | 2016-03 | 2         | 5
        simplified_share.with_small_claims | 2016-03 | 3         | 5
        small_claims_share                 | 2016-03 | 1         | 5
    """)
