"""无审限结案: foreign-related, unknown procedure, kinds for which no text sets a limit."""

from __future__ import annotations


def test_what_has_no_limit_is_counted_apart(given, expect):
    given(
        "model.cases",
        """
        case_key | counts_as | type_code | registered_on | closed_on | procedure
        A | civil_first | 民初 | 2016-03-01 | 2016-04-01 | ordinary
        B | civil_first | 民初 | 2016-03-01 | 2016-04-01 | ordinary
        C | civil_first | 民初 | 2016-03-01 | 2016-04-01 |
        D | enforcement_preservation | 执保 | 2016-03-01 | 2016-04-01 |
    """,
    )
    given(
        "model.clock_events",
        """
        case_key | kind | reason
        B | circumstance | foreign_related
    """,
    )
    expect(
        "figures",
        """
        metric | period | case_type | value
        closed_without_limit | 2016-04 | 民初 | 2
        closed_without_limit | 2016-04 | 执保 | 1
    """,
    )
