"""What people corrected: which value is believed, whatever later extracts say, and under which number a case goes."""

from __future__ import annotations

CASE = "浙0683-2016-民初-1"
NEW = "浙0683-2016-民初-9"


def test_a_correction_stands_for_every_version_that_holds_the_wrong_value(given, expect):
    given(
        "model.deliveries",
        """
        delivery_no | world_rank | feeds       | source
        1           | 1          | cases       | cases
        2           | 2          | cases       | cases
        3           | 3          | cases       | cases
        4           | 1          | corrections | corrections
    """,
    )
    given(
        "model.case_history",
        f"""
        case_key | delivery_no | registered_on | closed_on
        {CASE}   | 1           | 2016-03-01    |
        {CASE}   | 2           | 2016-03-01    | 2016-04-30
        {CASE}   | 3           | 2016-03-01    | 2016-05-02
    """,
    )
    given(
        "model.correction_history",
        f"""
        case_key | delivery_no | record | column_name | old_value  | new_value
        {CASE}   | 4           | 1      | closed_on   | 2016-04-30 | 2016-03-30
    """,
    )
    # the second extract holds what was called wrong, the third says a third thing and is believed
    expect(
        "model.case_versions",
        """
        delivery_no | closed_on
        1           |
        2           | 2016-03-30
        3           | 2016-05-02
    """,
    )


def test_the_last_correction_of_a_field_says_what_is_right_of_all_that_was_called_wrong(given, expect):
    given(
        "model.deliveries",
        """
        delivery_no | world_rank | feeds       | source
        1           | 1          | cases       | cases
        2           | 2          | cases       | cases
        3           | 1          | corrections | corrections
        4           | 2          | corrections | corrections
    """,
    )
    given(
        "model.case_history",
        f"""
        case_key | delivery_no | registered_on | closed_on  | amount_applied
        {CASE}   | 1           | 2016-03-01    | 2016-04-30 | 12.50
        {CASE}   | 2           | 2016-03-01    | 2016-04-01 |
    """,
    )
    # 30 April was corrected to 1 April, then 1 April to 2 April: both are wrong. An amount was filled in, a day taken out.
    given(
        "model.correction_history",
        f"""
        case_key | delivery_no | record | column_name    | old_value  | new_value
        {CASE}   | 3           | 1      | closed_on      | 2016-04-30 | 2016-04-01
        {CASE}   | 4           | 1      | closed_on      | 2016-04-01 | 2016-04-02
        {CASE}   | 4           | 2      | amount_applied |            | 99.00
        {CASE}   | 4           | 3      | registered_on  | 2016-03-01 |
    """,
    )
    expect(
        "model.case_versions",
        """
        delivery_no | registered_on | closed_on  | amount_applied
        1           |               | 2016-04-02 | 12.50
        2           |               | 2016-04-02 | 99.00
    """,
    )


def test_a_corrected_number_leads_to_the_same_case(given, expect):
    given(
        "model.deliveries",
        """
        delivery_no | world_rank | snapshot_rank | feeds       | source
        1           | 1          | 1             | cases       | cases
        2           | 2          | 2             | cases       | cases
        3           | 1          |               | corrections | corrections
    """,
    )
    # the old number is missing from the second snapshot, which holds the new one: no absence of the case
    given(
        "model.case_history",
        f"""
        case_key | delivery_no | presence | case_number        | serial | registered_on | origin_case_key
        {CASE}   | 1           | seen     | （2016）浙0683民初1号 | 1      | 2016-03-01    |
        {CASE}   | 2           | absent   |                    |        |               |
        {NEW}    | 2           | seen     | （2016）浙0683民初9号 | 9      | 2016-03-01    |
        other    | 2           | seen     | other              |        | 2016-03-05    | {CASE}
    """,
    )
    given(
        "model.correction_history",
        f"""
        case_key | delivery_no | record | column_name | old_value | new_value | new_case_key | new_case_number     | new_serial
        {CASE}   | 3           | 1      | case_number | 1         | 9         | {NEW}        | （2016）浙0683民初9号 | 9
    """,
    )
    expect(
        "model.case_versions",
        f"""
        case_key | delivery_no | presence | serial | origin_case_key
        {NEW}    | 1           | seen     | 9      |
        {NEW}    | 2           | seen     | 9      |
        other    | 2           | seen     |        | {NEW}
    """,
    )


def test_a_number_corrected_twice_leads_to_the_last_and_its_other_corrections_go_with_it(given, expect):
    given(
        "model.deliveries",
        """
        delivery_no | world_rank | feeds       | source
        1           | 1          | cases       | cases
        2           | 1          | corrections | corrections
        3           | 2          | corrections | corrections
    """,
    )
    given(
        "model.case_history",
        """
        case_key | delivery_no | registered_on
        a        | 1           | 2016-03-01
    """,
    )
    given(
        "model.correction_history",
        """
        case_key | delivery_no | record | column_name   | old_value  | new_value  | new_case_key | new_case_number
        a        | 2           | 1      | case_number   | a          | b          | b            | b
        b        | 3           | 1      | case_number   | b          | c          | c            | c
        c        | 3           | 2      | registered_on | 2016-03-01 | 2016-03-02 |              |
    """,
    )
    expect(
        "model.case_versions",
        """
        case_key | delivery_no | case_number | registered_on
        c        | 1           | c           | 2016-03-02
    """,
    )


def test_what_became_of_a_correction_is_told(given, expect):
    given(
        "model.deliveries",
        """
        delivery_no | world_rank | feeds       | source
        1           | 1          | cases       | cases
        2           | 1          | corrections | corrections
        3           | 2          | corrections | corrections
    """,
    )
    given(
        "model.case_history",
        """
        case_key | delivery_no | registered_on | closed_on
        a        | 1           | 2016-03-01    | 2016-04-30
        b        | 1           | 2016-03-01    | 2016-04-30
        c        | 1           | 2016-03-01    | 2016-04-30
        d        | 1           | 2016-03-01    |
    """,
    )
    given(
        "model.correction_history",
        """
        case_key | delivery_no | record | column_name | old_value  | new_value
        a        | 2           | 1      | closed_on   | 2016-04-30 | 2016-03-30
        b        | 2           | 2      | closed_on   | 2016-03-30 | 2016-04-30
        c        | 2           | 3      | closed_on   | 2016-01-01 | 2016-01-02
        e        | 2           | 4      | closed_on   | 2016-01-01 | 2016-01-02
        d        | 2           | 5      | closed_on   |            | 2016-01-02
        d        | 3           | 1      | closed_on   | 2016-01-02 | 2016-01-03
    """,
    )
    expect(
        "model.corrections",
        """
        case_key | record | status
        a        | 1      | applied
        b        | 2      | mended_at_source
        c        | 3      | does_not_match
        d        | 1      | applied
        d        | 5      | replaced
        e        | 4      | no_such_case
    """,
    )
