"""Each rule: a docket that breaks only it, and one beside it that breaks none. Asked as a refresh asks them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from warehouse.quality.expectations import Expected, validate
from warehouse.quality.rule import breaking_rows, read_rules

CASES, APPLICATIONS, CELLS = "staged.new_cases", "staged.new_registrations", "metrics.new_cells"
EVENTS, TOTALS = "staged.new_case_events", "staged.new_totals"
CLOCKS, RESULTS = "staged.new_clock_events", "staged.new_enforcement_results"


def serials(count, of_year, out_of_order=()):
    """Cases numbered from 1, one a day from 5 January on; those out of order were registered before all others."""
    header = "case_key | number_year | number_form | type_characters | serial | registered_on\n" if of_year == 2016 else ""
    first, drawn = date(of_year, 1, 5), ""
    for serial in range(1, count + 1):
        day = date(of_year, 1, 4) if serial in out_of_order else first + timedelta(serial)
        drawn += f"浙0683-{of_year}-民初-{serial} | {of_year} | new | 民初 | {serial} | {day}\n"
    return header + drawn


BEFORE_AND_LATE = """
    delivery_no | world_rank | extract_on | taken_in
    1           | 1          | 2014-12-31 | 1
    2           | 3          | 2016-01-31 | 2
    3           | 2          | 2015-12-31 | 3
"""
"""Two deliveries that were known before, and one between them that this refresh took."""
KNOWN_BEFORE = {"DQ39": {"refresh_no": 3, "refresh_before": 2, "counted_before": date(2016, 12, 30)}}
"""Of rules that look back: which refresh asks them, and how far the one before had counted."""


def closings(last_five):
    """Cases closed in March 2016: one on each of the first 18 working days, so many on the last five."""
    first = [1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24]
    last = [(25, 28, 29, 30, 31)[at % 5] for at in range(last_five)]
    days = "".join(f"c{at} | 2016-03-01 | 2016-03-{day:02}\n" for at, day in enumerate(first + last))
    return "case_key | registered_on | closed_on\n" + days


def applications(count, month, decided=None):
    """So many applications of a month, decided on the day of receipt; the last on another day, if one is given."""
    header = "application_key | received_on | first_decision | decided_on\n" if month == "2015-02" else ""
    days = [f"{month}-02"] * (count - 1) + [decided or f"{month}-02"]
    return header + "".join(f"{month}-{at} | {month}-02 | refuse | {day}\n" for at, day in enumerate(days))


THREE_SOURCES = """
    delivery_no | source        | feeds         | kind
    1           | cases         | cases         | delta
    2           | registrations | registrations | delta
    3           | copies        | cases         | snapshot
"""

# rule: (what breaks it and nothing else, how many rows break it, what is right by a hair). What is not drawn is sound:
# a case is registered on 2016-03-01 and open, an application received, decided and registered on that day, the extract
# is of 2016-04-30 (delivery 2: of 2016-12-31). See SOUND in conftest.py.
DOCKETS = {
    "DQ01": (
        {CASES: """
            case_number           | registered_on
                                  | 2016-03-01
            （2016）浙0683民初1号 |
            """}, 2,
        {CASES: """
            case_number           | registered_on | bench_code
            （2016）浙0683民初1号 | 2016-03-01    |
            """},
    ),
    "DQ02": (
        {APPLICATIONS: """
            received_on | registered_on
                        | 2015-05-01
            """}, 1,
        {APPLICATIONS: """
            received_on | decided_on | registered_on | population
                        | 2015-04-30 | 2015-04-30    | civil_first
                        |            | 2015-05-01    | appeal
            2015-05-01  | 2015-05-01 | 2015-05-01    | civil_first
            """},
    ),
    "DQ03": (
        {CASES: """
            closed_on  | closing_manner
            2016-03-02 |
                       | judgment
            """}, 2,
        {CASES: """
            closed_on  | closing_manner
            2016-03-02 | judgment
                       |
            """},
    ),
    "DQ04": (
        {CASES: """
            case_number             | registered_on | procedure
            （2016）浙0683民初1号   | 2016-03-01    |
            （2016）浙0683刑初1号   | 2016-03-01    |
            （2014）绍嵊行初字第1号 | 2014-03-01    |
            """}, 3,
        {CASES: """
            case_number             | registered_on | procedure  | is_void | amount_applied
            （2016）浙0683民初1号   | 2016-03-01    | simplified |         |
            （2016）浙0683民初2号   | 2016-03-01    |            | true    |
            （2016）浙0683民特1号   | 2016-03-01    |            |         |
            （2016）浙0683执1号     | 2016-03-01    |            |         | 1.00
            """},
    ),
    "DQ05": (
        {CASES: """
            case_number             | registered_on | amount_applied
            （2016）浙0683执1号     | 2016-03-01    |
            （2014）绍嵊执民字第1号 | 2014-03-01    |
            （2016）浙0683执恢1号   | 2016-03-01    |
            """}, 3,
        # 0: no money is claimed
        {CASES: """
            case_number           | amount_applied | is_void
            （2016）浙0683执1号   | 0.00           |
            （2016）浙0683执恢1号 | 0.01           | false
            （2016）浙0683执2号   |                | true
            （2016）浙0683执异1号 |                |
            （2016）浙0683执保1号 |                |
            （2016）浙0683民初1号 |                |
            """},
    ),
    "DQ06": (
        {CASES: """
            case_number
            2016浙0683民初1号
            合计
            """}, 2,
        {CASES: """
            case_number             | registered_on
            〔2016〕浙0683民初1号   | 2016-03-01
            （2014）绍嵊民初字第1号 | 2014-03-01
            """},
    ),
    "DQ07": (
        {CASES: """
            case_number             | registered_on
            （2016）绍嵊民初字第1号 | 2016-01-01
            （2015）浙0683诉前调1号 | 2015-12-31
            """}, 2,
        {CASES: """
            case_number             | registered_on | transferred_in
            （2015）绍嵊民初字第1号 | 2015-12-31    |
            （2016）浙0683民初1号   | 2016-01-01    |
            （2016）绍嵊民初字第2号 | 2016-01-04    | true
            """},
    ),
    "DQ08": (
        {CASES: """
            case_number             | registered_on
            （2016）浙0683民杂1号   | 2016-03-01
            （2014）绍嵊商仲字第1号 | 2014-03-01
            """}, 2,
        {CASES: """
            case_number             | registered_on | delivery_no
            （2016）浙0683破申1号   | 2016-08-01    | 2
            （2016）浙0683民破1号   | 2016-07-31    | 2
            （2014）绍嵊商初字第1号 | 2014-03-01    | 2
            （2016）浙0683诉前调1号 | 2016-03-01    | 2
            """},
    ),
    "DQ09": (
        {CASES: """
            case_number           | registered_on | delivery_no
            （2016）浙0683民破1号 | 2016-08-01    | 2
            （2016）浙0683民算1号 | 2016-08-01    | 2
            （2016）浙0683破申1号 | 2016-07-31    | 2
            （2016）浙0683清申1号 | 2016-07-31    | 2
            （2016）浙0683强清1号 | 2016-07-31    | 2
            （2016）浙0683破1号   | 2016-07-31    | 2
            """}, 6,
        # the old form has no such day, whatever code its characters stand for
        {CASES: """
            case_number             | registered_on | delivery_no
            （2016）浙0683民破1号   | 2016-07-31    | 2
            （2016）浙0683民算1号   | 2016-01-01    | 2
            （2016）浙0683破申1号   | 2016-08-01    | 2
            （2016）浙0683破1号     | 2016-08-01    | 2
            （2014）绍嵊民破字第1号 | 2014-03-01    | 2
            """},
    ),
    "DQ10": (
        {CASES: """
            case_number           | transferred_in
            （2016）浙0624民初1号 |
            （2016）浙06民初1号   | false
            """}, 2,
        {CASES: """
            case_number           | transferred_in
            （2016）浙0624民初1号 | true
            （2016）浙0683民初1号 | false
            """},
    ),
    "DQ11": (
        {CASES: """
            registered_on | closed_on  | closing_manner | reopened_on
            2016-05-01    |            |                |
            2016-03-01    | 2016-05-01 | judgment       |
            2016-03-01    |            |                | 2016-05-01
            """, APPLICATIONS: """
            received_on | first_decision | decided_on | correction_notice_on | corrected_material_on | registered_on
            2016-05-01  |                |            |                      |                       |
            2016-04-29  | refuse         | 2016-05-01 |                      |                       |
            2016-04-29  | correct        |            | 2016-05-01           |                       |
            2016-04-29  | correct        | 2016-04-29 | 2016-04-29           | 2016-05-01            |
            2016-04-29  | register       | 2016-04-29 |                      |                       | 2016-05-01
            """}, 8,
        {CASES: """
            registered_on | closed_on  | closing_manner | reopened_on
            2016-04-30    | 2016-04-30 | judgment       | 2016-04-30
            """, APPLICATIONS: """
            received_on | first_decision | decided_on | correction_notice_on | corrected_material_on | registered_on
            2016-04-30  | register       | 2016-04-30 | 2016-04-30           | 2016-04-30            | 2016-04-30
            """},
    ),
    "DQ12": (
        {CASES: """
            case_number             | registered_on | closed_on  | closing_manner | reopened_on
            （1989）绍嵊民初字第1号 | 1989-12-31    |            |                |
            （1990）绍嵊民初字第2号 | 1990-01-01    |            |                | 1900-01-01
            """, APPLICATIONS: """
            received_on | decided_on | corrected_material_on
            1900-01-01  | 2016-03-01 |
            2016-03-01  | 1900-01-01 |
            2016-03-01  | 2016-03-01 | 1900-01-01
            """}, 5,
        {CASES: """
            case_number             | registered_on | closed_on  | closing_manner
            （1990）绍嵊民初字第1号 | 1990-01-01    | 1990-01-01 | judgment
            """, APPLICATIONS: """
            received_on | decided_on | registered_on
            1990-01-01  | 1990-01-01 | 1990-01-01
            """},
    ),
    "DQ13": (
        {CASES: """
            case_number             | registered_on | closed_on  | closing_manner | amount_applied
            （2016）浙0683民初1号   | 2016-03-01    | 2016-03-02 | zhongben       |
            （2016）浙0683执1号     | 2016-03-01    | 2016-03-02 | judgment       | 0.00
            （2015）绍嵊行初字第1号 | 2015-03-02    | 2015-04-30 | mediation      |
            """}, 3,
        {CASES: """
            case_number               | registered_on | closed_on  | closing_manner | amount_applied
            （2016）浙0683执1号       | 2016-03-01    | 2016-03-02 | zhongben       | 0.00
            （2012）绍嵊执字第1号     | 2012-03-02    | 2012-04-30 | zhongben       | 0.00
            （2015）绍嵊行初字第1号   | 2015-03-02    | 2015-05-01 | mediation      |
            （2015）绍嵊行赔初字第1号 | 2015-03-02    | 2015-04-30 | mediation      |
            """},
    ),
    "DQ14": (
        {CASES: """
            amount_applied | amount_realised
            -0.01          |
                           | -0.01
            100.00         | 300.01
            -5.00          | -1.00
            """, RESULTS: """
            amount_applied | amount_realised
                           | -300.00
            10.00          | 30.01
            -1.00          |
            """}, 8,
        {CASES: """
            amount_applied | amount_realised
            0.00           | 0.00
            100.00         | 300.00
            0.00           | 900.00
                           | 900.00
            """, RESULTS: """
            amount_applied | amount_realised
                           | 0.00
            10.00          | 30.00
            0.00           | 30.00
            """},
    ),
    "DQ15": (
        {CASES: """
            case_number
            （2016）浙0683民终1号
            （2016）浙0683刑终1号
            （2016）浙0683行终1号
            """}, 3,
        # a number of the court above, which came with its case; jurisdiction is no second instance of a suit
        {CASES: """
            case_number             | transferred_in
            （2016）浙0683民初1号   |
            （2016）浙06民终1号     | true
            （2016）浙0683民辖终1号 |
            """},
    ),
    "DQ16": (
        {CASES: """
            registered_on | closed_on  | closing_manner
            2016-03-02    | 2016-03-01 | judgment
            """}, 1,
        {CASES: """
            registered_on | closed_on  | closing_manner
            2016-03-02    | 2016-03-02 | judgment
            """},
    ),
    "DQ17": (
        {APPLICATIONS: """
            received_on | decided_on | registered_on
            2016-03-02  | 2016-03-02 | 2016-03-01
            """}, 1,
        {APPLICATIONS: """
            received_on | decided_on | registered_on
            2016-03-01  | 2016-03-01 | 2016-03-01
            """},
    ),
    "DQ18": (
        {APPLICATIONS: """
            received_on | decided_on | correction_notice_on | registered_on
            2016-03-02  | 2016-03-03 | 2016-03-01           | 2016-03-03
            2016-03-02  | 2016-03-03 | 2016-03-04           | 2016-03-03
            2016-03-02  | 2016-03-03 | 2016-03-04           | 2016-03-09
            """}, 3,
        {APPLICATIONS: """
            received_on | first_decision | decided_on | correction_notice_on | registered_on
            2016-03-02  | correct        | 2016-03-02 | 2016-03-02           | 2016-03-05
            2016-03-02  | register       | 2016-03-05 | 2016-03-05           | 2016-03-05
            2016-03-02  | correct        | 2016-03-03 | 2016-03-03           |
            """},
    ),
    "DQ19": (
        {APPLICATIONS: """
            first_decision | registered_on
            register       |
            refuse         | 2016-03-01
            """}, 2,
        {APPLICATIONS: """
            first_decision | registered_on
            register       | 2016-03-01
            refuse         |
            return         |
            correct        | 2016-03-09
            """},
    ),
    "DQ20": (
        {CASES: """
            case_number           | registered_on
            （2017）浙0683民初1号 | 2016-03-01
            """}, 1,
        {CASES: """
            case_number             | registered_on
            （2015）绍嵊民初字第1号 | 2015-12-31
            （2016）浙0683民初1号   | 2016-01-01
            """},
    ),
    "DQ21": (
        # 民初1 is open since 2016-03-01, 民初2 was closed on 2016-03-20 in all that came of it
        {"staged.cases": """
            case_number           | registered_on | closed_on  | delivery_no
            （2016）浙0683民初1号 | 2016-03-01    |            | 1
            （2016）浙0683民初2号 | 2016-03-01    | 2016-03-20 | 1
            （2016）浙0683民初2号 | 2016-03-01    | 2016-03-20 | 2
            """, CLOCKS: """
            case_key           | kind       | from_on    | to_on
            浙0683-2016-民初-1 | deduction  | 2016-04-02 | 2016-04-01
            浙0683-2016-民初-9 | suspension | 2016-04-02 | 2015-04-10
            浙0683-2016-民初-1 | suspension | 2016-02-01 | 2016-02-29
            浙0683-2016-民初-2 | deduction  | 2016-03-21 | 2016-03-22
            浙0683-2016-民初-2 | deduction  | 2016-03-21 |
            """}, 5,
        {"staged.cases": """
            case_number           | registered_on | closed_on  | delivery_no
            （2016）浙0683民初1号 | 2016-03-01    |            | 1
            （2016）浙0683民初2号 | 2016-03-01    | 2016-03-20 | 1
            （2016）浙0683民初3号 | 2016-03-01    | 2016-03-10 | 1
            （2016）浙0683民初3号 | 2016-03-01    |            | 2
            """, CLOCKS: """
            case_key           | kind         | from_on    | to_on
            浙0683-2016-民初-1 | deduction    | 2016-04-01 | 2016-04-01
            浙0683-2016-民初-1 | deduction    | 2016-02-01 | 2016-03-01
            浙0683-2016-民初-1 | suspension   | 2016-02-01 |
            浙0683-2016-民初-2 | deduction    | 2016-03-20 | 2016-04-20
            浙0683-2016-民初-2 | circumstance | 2016-03-21 | 2016-02-01
            浙0683-2016-民初-3 | suspension   | 2016-03-21 | 2016-03-22
            浙0683-2016-民初-9 | deduction    | 2015-03-21 | 2015-03-22
            """},
    ),
    "DQ22": (
        {"model.cases": """
            case_key | case_number           | procedure | registered_on | closed_on
            a        | （2016）浙0683民初1号 | ordinary  | 2016-03-01    | 2016-04-01
            b        | （2016）浙0683民初2号 | ordinary  | 2016-03-01    | 2016-04-01
            """, "model.clock_events": """
            case_key | kind       | reason     | from_on    | to_on
            a        | deduction  | appraisal  | 2016-03-10 |
            a        | deduction  | mediation  | 2016-03-20 |
            b        | suspension | suspension | 2016-03-10 |
            """}, 2,
        {"model.cases": """
            case_key | case_number           | procedure | registered_on | closed_on
            a        | （2016）浙0683民初1号 | ordinary  | 2016-03-01    | 2016-04-01
            b        | （2016）浙0683民初2号 | ordinary  | 2016-03-01    |
            """, "model.clock_events": """
            case_key | kind         | reason        | from_on    | to_on      | approved_on
            a        | deduction    | appraisal     | 2016-03-10 | 2016-04-01 |
            a        | circumstance | urgent        | 2016-03-10 |            |
            a        | extension    | president     | 2016-03-10 |            | 2016-03-10
            b        | suspension   | suspension    | 2016-03-10 |            |
            """},
    ),
    "DQ23": (
        # six months from 2015-01-05 end on 2015-07-06, the Monday after the fifth
        {"model.cases": """
            case_key | case_number             | procedure | registered_on | closed_on
            a        | （2015）绍嵊民初字第1号 | ordinary  | 2015-01-05    |
            b        | （2015）绍嵊民初字第2号 | ordinary  | 2015-01-05    | 2015-09-30
            """, "model.clock_events": """
            case_key | kind      | reason       | from_on    | approved_on | extended_months
            a        | extension | president    | 2015-07-07 | 2015-07-07  | 3
            a        | extension | higher_court | 2015-08-03 | 2015-08-03  | 3
            b        | extension | president    | 2015-07-01 | 2015-07-01  | 1
            b        | extension | higher_court | 2015-08-07 | 2015-08-07  | 3
            """}, 2,
        {"model.cases": """
            case_key | case_number             | procedure | registered_on | closed_on
            a        | （2015）绍嵊民初字第1号 | ordinary  | 2015-01-05    |
            b        | （2015）绍嵊民初字第2号 | ordinary  | 2015-01-05    | 2015-09-30
            c        | （2015）绍嵊民初字第3号 |           | 2015-01-05    |
            """, "model.clock_events": """
            case_key | kind      | reason       | from_on    | approved_on | extended_months
            a        | extension | president    | 2015-07-06 | 2015-07-06  | 3
            b        | extension | president    | 2015-07-01 | 2015-07-01  | 1
            b        | extension | higher_court | 2015-08-05 | 2015-08-05  | 3
            c        | extension | president    | 2016-07-07 | 2016-07-07  | 3
            """},
    ),
    "DQ24": (
        {CASES: """
            case_number           | registered_on | closed_on  | closing_manner | amount_applied | delivery_no
            （2016）浙0683执1号   | 2016-09-01    | 2016-12-01 | zhongben       | 1.00           | 2
            （2016）浙0683执恢1号 | 2016-11-30    | 2016-12-30 | zhongben       | 1.00           | 2
            """}, 2,
        # a day more than three months; before the provisions; closed otherwise
        {CASES: """
            case_number           | registered_on | closed_on  | closing_manner       | amount_applied | delivery_no
            （2016）浙0683执1号   | 2016-08-31    | 2016-12-01 | zhongben             | 1.00           | 2
            （2016）浙0683执2号   | 2016-11-01    | 2016-11-30 | zhongben             | 1.00           | 2
            （2016）浙0683执恢1号 | 2016-11-30    | 2016-12-30 | enforcement_terminated | 1.00         | 2
            """},
    ),
    "DQ25": (
        # a names no case; b one that was enforced; c one that is open; d one closed the day after; e one that should be there
        {"model.cases": """
            case_key         | case_number           | type_code | registered_on | closed_on  | closing_manner | origin_case_key
            浙0683-2016-执-1 | （2016）浙0683执1号   | 执        | 2016-01-04    | 2016-03-01 | fully_enforced |
            浙0683-2016-执-2 | （2016）浙0683执2号   | 执        | 2016-01-04    |            |                |
            浙0683-2016-执-3 | （2016）浙0683执3号   | 执        | 2016-01-04    | 2016-06-02 | zhongben       |
            a                | （2016）浙0683执恢1号 | 执恢      | 2016-06-01    |            |                |
            b                | （2016）浙0683执恢2号 | 执恢      | 2016-06-01    |            |                | 浙0683-2016-执-1
            c                | （2016）浙0683执恢3号 | 执恢      | 2016-06-01    |            |                | 浙0683-2016-执-2
            d                | （2016）浙0683执恢4号 | 执恢      | 2016-06-01    |            |                | 浙0683-2016-执-3
            e                | （2016）浙0683执恢5号 | 执恢      | 2016-06-01    |            |                | 浙0683-2012-执-9
            """}, 5,
        # on the very day; after 终结执行; after a 执恢; of a year before the data begin; of another court; void
        {"model.cases": """
            case_key           | case_number           | type_code | registered_on | closed_on  | closing_manner         | origin_case_key  | is_counted
            浙0683-2016-执-1   | （2016）浙0683执1号   | 执        | 2016-01-04    | 2016-06-01 | zhongben               |                  | true
            浙0683-2016-执-2   | （2016）浙0683执2号   | 执        | 2016-01-04    | 2016-03-01 | enforcement_terminated |                  | true
            浙0683-2016-执恢-1 | （2016）浙0683执恢1号 | 执恢      | 2016-06-01    | 2016-07-01 | zhongben               | 浙0683-2016-执-1 | true
            b                  | （2016）浙0683执恢2号 | 执恢      | 2016-06-01    |            |                        | 浙0683-2016-执-2 | true
            c                  | （2016）浙0683执恢3号 | 执恢      | 2016-07-01    |            |                        | 浙0683-2016-执恢-1 | true
            d                  | （2016）浙0683执恢4号 | 执恢      | 2016-06-01    |            |                        | 浙0683-2011-执-9 | true
            e                  | （2016）浙0683执恢5号 | 执恢      | 2016-06-01    |            |                        | 浙0624-2015-执-9 | true
            f                  | （2016）浙0683执恢6号 | 执恢      | 2016-06-01    |            |                        |                  | false
            """},
    ),
    "DQ26": (
        # the extract is of 2016-04-30: 民初1 was closed by then, 民初2 on that day
        {"staged.cases": """
            case_number           | registered_on | closed_on  | delivery_no
            （2016）浙0683民初1号 | 2016-03-01    |            | 1
            （2016）浙0683民初1号 | 2016-03-01    | 2016-04-20 | 1
            （2016）浙0683民初2号 | 2016-03-01    | 2016-04-30 | 1
            """, CLOCKS: """
            case_key           | kind       | from_on    | to_on
            浙0683-2016-民初-1 | suspension | 2016-03-10 |
            浙0683-2016-民初-2 | suspension | 2016-03-10 | 2016-04-30
            """}, 2,
        # over before the extract; a deduction; void; of an open case, of one opened again, of one whose closing came later or
        # was set aside
        {"staged.cases": """
            case_number           | registered_on | closed_on  | reopened_on | delivery_no
            （2016）浙0683民初1号 | 2016-03-01    | 2016-04-20 |             | 1
            （2016）浙0683民初2号 | 2016-03-01    |            |             | 1
            （2016）浙0683民初2号 | 2016-03-01    | 2016-04-20 |             | 2
            （2016）浙0683民初3号 | 2016-03-01    | 2016-03-20 | 2016-04-01  | 1
            （2016）浙0683民初4号 | 2016-03-01    | 2016-04-20 |             | 1
            """, "quality.set_aside": """
            delivery_no | record | reason_code
            1           | 5      | DQ03
            """, CLOCKS: """
            case_key           | kind       | from_on    | to_on      | is_void
            浙0683-2016-民初-1 | suspension | 2016-03-10 | 2016-04-29 |
            浙0683-2016-民初-1 | deduction  | 2016-03-10 |            |
            浙0683-2016-民初-1 | suspension | 2016-03-10 |            | true
            浙0683-2016-民初-2 | suspension | 2016-03-10 |            |
            浙0683-2016-民初-3 | suspension | 2016-03-10 |            |
            浙0683-2016-民初-4 | suspension | 2016-03-10 |            |
            """},
    ),
    "DQ28": (
        # three months from 2015-01-05 end on 2015-04-07, after 清明; the second change is void with the first
        {"model.cases": """
            case_key | case_number             | procedure | registered_on
            a        | （2015）绍嵊民初字第1号 | ordinary  | 2015-01-05
            """, "model.clock_events": """
            case_key | kind             | reason       | from_on    | former_procedure
            a        | procedure_change | ordinary     | 2015-04-08 | simplified
            a        | procedure_change | small_claims | 2015-04-09 | ordinary
            """}, 1,
        # a: on the last day; b: 45 days from 2016-01-04 end on 2016-02-18, but an administrative case may change later
        {"model.cases": """
            case_key | case_number             | type_code | procedure | registered_on
            a        | （2015）绍嵊民初字第1号 | 民初      | ordinary  | 2015-01-05
            b        | （2016）浙0683行初1号   | 行初      | ordinary  | 2016-01-04
            """, "model.clock_events": """
            case_key | kind             | reason   | from_on    | former_procedure
            a        | procedure_change | ordinary | 2015-04-07 | simplified
            b        | procedure_change | ordinary | 2016-02-19 | simplified
            """},
    ),
    "DQ29": (
        {CASES: """
            case_number           | bench_code
            （2016）浙0683民初1号 | 一庭
            （2016）浙0683民初2号 | 一庭
            （2016）浙0683民初1号 | 二庭
            """, APPLICATIONS: """
            application_key | channel
            SQ1             | post
            SQ1             | online
            """, CLOCKS: """
            event_key | case_key           | reason
            SX1       | 浙0683-2016-民初-1 | appraisal
            SX1       | 浙0683-2016-民初-2 | appraisal
            SX2       | 浙0683-2016-民初-2 | appraisal
            SX3       | 浙0683-2016-民初-2 | appraisal
            """, RESULTS: """
            result_key | case_key         | amount_realised
            JG1        | 浙0683-2016-执-1 | 1.00
            JG1        | 浙0683-2016-执-1 | 1.01
            JG2        | 浙0683-2016-执-1 | 1.00
            JG3        | 浙0683-2016-执-1 | 1.00
            """, "quality.set_aside": """
            delivery_no | record | reason_code | case_key
            1           | 8      | TYPE        | SX3
            1           | 9      | TYPE        | JG3
            """}, 10,
        {CASES: """
            case_number           | delivery_no
            （2016）浙0683民初1号 | 1
            （2016）浙0683民初2号 | 1
            （2016）浙0683民初1号 | 2
            """, CLOCKS: """
            event_key | case_key           | delivery_no
            SX1       | 浙0683-2016-民初-1 | 1
            SX2       | 浙0683-2016-民初-1 | 1
            SX1       | 浙0683-2016-民初-1 | 2
            """, RESULTS: """
            result_key | case_key         | delivery_no
            JG1        | 浙0683-2016-执-1 | 1
            JG2        | 浙0683-2016-执-1 | 1
            JG1        | 浙0683-2016-执-1 | 2
            """, "quality.set_aside": """
            delivery_no | record | reason_code | case_key
            2           | 8      | TYPE        | SX2
            1           | 9      | DQ14        | JG2
            """},
    ),
    "DQ31": (
        # 民初: 1, and 3 to 5, of which 5 was set aside; 知民初 is a series of its own
        {"model.cases": """
            case_key             | number_year | number_form | type_characters | special_code | serial | registered_on
            浙0683-2016-民初-2   | 2016        | new         | 民初            |              | 2      | 2016-03-01
            浙0683-2016-民初-6   | 2016        | new         | 民初            |              | 6      | 2016-03-02
            浙0683-2012-商初-2   | 2012        | old         | 商初            |              | 2      | 2012-03-01
            浙0683-2016-知民初-1 | 2016        | new         | 民初            | 知           | 1      | 2016-03-01
            """, "quality.set_aside": """
            delivery_no | record | reason_code | case_key
            1           | 1      | DQ16        | 浙0683-2016-民初-5
            """}, 3,
        # set aside; of a year before the data, of another court, with a random serial, without a number of the court
        {"model.cases": """
            case_key           | number_year | number_form | type_characters | serial   | registered_on | court_code
            浙0683-2016-民初-1 | 2016        | new         | 民初            | 1        | 2016-03-01    | 浙0683
            浙0683-2016-民初-3 | 2016        | new         | 民初            | 3        | 2016-03-02    | 浙0683
            a                  | 2011        | old         | 民初            | 7        | 2011-03-02    | 浙0683
            b                  | 2016        | new         | 民初            | 7        | 2016-03-02    | 浙0624
            c                  | 2016        | new         | 刑核            | 13572468 | 2016-03-02    | 浙0683
            d                  | 2016        |             | 民初            | 7        | 2016-03-02    | 浙0683
            """, "quality.set_aside": """
            delivery_no | record | reason_code | case_key
            1           | 1      | TYPE        | 浙0683-2016-民初-2
            1           | 2      | DQ08        | 浙0683-2016-民处-9
            1           | 3      | DQ21        | SX2016-000009
            """},
    ),
    "DQ32": (
        # 1 of 99, more than 1 %; and 1 of 1
        {"model.cases": serials(100, of_year=2016, out_of_order=(50,)) + serials(2, of_year=2015, out_of_order=(2,))}, 2,
        # 1 of 100; two series that each follow their own days
        {"model.cases": serials(101, of_year=2016, out_of_order=(50,)) + serials(3, of_year=2015)},
    ),
    "DQ38": (
        # gone for good; come back and gone again
        {"model.deliveries": """
            delivery_no | world_rank | snapshot_rank | extract_on
            1           | 1          | 1             | 2016-01-31
            2           | 2          | 2             | 2016-02-29
            3           | 3          | 3             | 2016-03-31
            4           | 4          | 4             | 2016-04-30
            """, "model.case_history": """
            case_key | delivery_no | presence
            a        | 1           | seen
            a        | 2           | absent
            b        | 1           | seen
            b        | 2           | absent
            b        | 3           | returned
            b        | 4           | absent
            """}, 2,
        {"model.deliveries": """
            delivery_no | world_rank | snapshot_rank | extract_on
            1           | 1          | 1             | 2016-01-31
            2           | 2          | 2             | 2016-02-29
            3           | 3          | 3             | 2016-03-31
            """, "model.case_history": """
            case_key | delivery_no | presence
            a        | 1           | seen
            b        | 1           | seen
            b        | 2           | absent
            b        | 3           | returned
            """},
    ),
    "DQ39": (
        # the refresh took delivery 3, late: it fills the time since 2014-12-31, and says nothing of the years before. Of 2014,
        # 6 of 1,000 filings are new, and 1 of 1,000 registrations was made on another day
        {"model.deliveries": BEFORE_AND_LATE, "metrics.cells": """
            metric                     | period_id | numerator | denominator | from_refresh | to_refresh
            filed                      | 2014-03   | 400       |             | 1            | 2
            filed                      | 2014-03   | 406       |             | 3            |
            filed                      | 2014-04   | 600       |             | 2            |
            same_day_registration_rate | 2014-03   | 960       | 1000        | 2            | 2
            same_day_registration_rate | 2014-03   | 959       | 1000        | 3            |
            """}, 2,
        # a year that the delivery fills, and one that is not over; moved within the year, as a stock that ends it as before; another reading, another calendar;
        # a metric that the court had none of; what changed at the refresh before
        {"model.deliveries": BEFORE_AND_LATE, "metrics.cells": """
            metric      | variant | calendar_id  | period_id | numerator | from_refresh | to_refresh
            filed       |         | cal_month    | 2015-03   | 400       | 1            | 2
            filed       |         | cal_month    | 2015-03   | 500       | 3            |
            filed       |         | cal_month    | 2016-03   | 400       | 1            | 2
            filed       |         | cal_month    | 2014-03   | 400       | 1            | 2
            filed       |         | cal_month    | 2014-03   | 399       | 3            |
            filed       |         | cal_month    | 2014-04   | 1         | 3            |
            filed       | odd     | cal_month    | 2014-04   | 1         | 3            |
            filed       |         | stat20_month | 2014-04   | 1         | 3            |
            reopened    |         | cal_month    | 2014-04   | 1         | 3            |
            closed      |         | cal_month    | 2014-03   | 400       | 1            | 1
            closed      |         | cal_month    | 2014-03   | 500       | 2            |
            pending_end |         | cal_month    | 2014-03   | 400       | 1            | 2
            pending_end |         | cal_month    | 2014-03   | 500       | 3            |
            pending_end |         | cal_month    | 2014-12   | 500       | 1            |
            """},
    ),
    "DQ40": (
        # a is open again and says no day; c says one that lies before its closing
        {"model.deliveries": """
            delivery_no | world_rank | extract_on
            1           | 1          | 2016-03-31
            2           | 2          | 2016-04-30
            """, "model.case_history": """
            case_key | delivery_no | closed_on  | closing_manner | reopened_on
            a        | 1           | 2016-03-10 | judgment       |
            a        | 2           |            |                |
            c        | 1           | 2016-03-10 | judgment       | 2016-03-01
            c        | 2           |            |                | 2016-03-01
            """}, 2,
        # opened again on the day of its closing; closed on another day; closed again; void; never closed, as a correction says
        {"model.deliveries": """
            delivery_no | world_rank | extract_on | feeds
            1           | 1          | 2016-03-31 | cases
            2           | 2          | 2016-04-30 | cases
            3           | 3          | 2016-05-31 | cases
            4           | 1          | 2016-05-31 | corrections
            """, "model.case_history": """
            case_key | delivery_no | closed_on  | closing_manner | reopened_on | is_void
            a        | 1           | 2016-03-10 | judgment       |             |
            a        | 2           |            |                | 2016-03-10  |
            b        | 1           | 2016-03-10 | judgment       |             |
            b        | 2           | 2016-04-10 | judgment       |             |
            c        | 1           | 2016-03-10 | judgment       |             |
            c        | 2           |            |                |             |
            c        | 3           | 2016-05-10 | judgment       |             |
            d        | 1           | 2016-03-10 | judgment       |             |
            d        | 2           |            |                |             | true
            e        | 1           | 2016-03-10 | judgment       |             |
            e        | 2           |            |                |             |
            """, "model.correction_history": """
            case_key | delivery_no | record | column_name    | old_value  | new_value
            e        | 4           | 1      | closed_on      | 2016-03-10 |
            e        | 4           | 2      | closing_manner | judgment   |
            """},
    ),
    "DQ41": (
        # from Friday 22 April to Friday 29 April 2016 are six working days; Saturday the 30th is none
        {"model.deliveries": """
            delivery_no | data_until
            1           | 2016-04-30
            """, "model.cases": """
            case_key | registered_on | delivery_no
            a        | 2016-04-20    | 1
            b        | 2016-04-21    | 1
            """}, 1,
        {"model.deliveries": """
            delivery_no | data_until | source        | feeds
            1           | 2016-04-30 | cases         | cases
            2           | 2016-05-31 | registrations | registrations
            """, "model.cases": """
            case_key | registered_on | delivery_no
            a        | 2016-04-22    | 1
            """},
    ),
    "DQ42": (
        # February is missing; of applications all from February to May; of a snapshot November
        {"model.deliveries": THREE_SOURCES, "model.cases": """
            case_key | registered_on | closed_on  | delivery_no
            a        | 2016-01-31    |            | 1
            b        | 2016-03-01    |            | 1
            c        | 2015-10-10    | 2015-12-01 | 3
            """, "model.registration_decisions": """
            application_key | received_on | decided_on | registered_on | delivery_no
            a               | 2016-01-31  |            |               | 2
            b               |             |            | 2016-06-01    | 2
            """}, 3,
        # what happens to a case or an application fills its month, whatever it is; before the data begin nothing need be
        {"model.deliveries": THREE_SOURCES, "model.cases": """
            case_key | registered_on | closed_on  | reopened_on | delivery_no
            a        | 2010-05-31    | 2012-02-29 |             | 1
            b        | 2012-01-31    | 2012-03-01 | 2012-04-30  | 1
            c        | 2016-10-10    |            |             | 3
            """, "model.case_events": """
            case_key | event_on   | delivery_no | record
            c        | 2016-11-01 | 3           | 1
            d        | 2016-12-31 | 3           | 2
            """, "model.registration_decisions": """
            application_key | received_on | decided_on | registered_on | delivery_no
            a               | 2016-01-31  | 2016-02-01 | 2016-03-01    | 2
            """},
    ),
    "DQ43": (
        # the last five working days of March 2016 are 25 and 28 to 31: 16 closings there are 3.2 a day, beside 1 on each other
        {"model.cases": closings(last_five=16)}, 1,
        {"model.cases": closings(last_five=15)},
    ),
    "DQ45": (
        # by the rate in a month; by the days in a year, refusals among them
        {CELLS: """
            metric                     | period_id | numerator | denominator
            same_day_registration_rate | 2016-03   | 201       | 201
            same_day_registration_rate | 2016-04   | 3         | 4
            """, "model.registration_decisions": applications(101, "2015-02") + applications(100, "2015-03")}, 2,
        {CELLS: """
            metric                     | period_id | numerator | denominator
            same_day_registration_rate | 2016-03   | 200       | 200
            same_day_registration_rate | 2015-03   | 200       | 201
            """, "model.registration_decisions": applications(201, "2015-02", decided="2015-03-01")},
    ),
    "CONSERVATION": (
        {"model.deliveries": """
            delivery_no | file      | taken_in | rows_delivered | rows_duplicate
            1           | a.csv     | 1        | 4              | 0
            2           | b.csv     | 1        | 2              | 1
            3           | few.csv   | 1        | 3              | 0
            4           | gone.csv  | 1        | 3              | 0
            5           | other.csv | 1        | 1              | 0
            6           | clock.csv | 1        | 3              | 0
            7           | paid.csv  | 1        | 1              | 0
            """, CLOCKS: """
            delivery_no | record | case_key
            6           | 1      | a
            6           | 3      | a
            """, RESULTS: """
            delivery_no | record | case_key
            7           | 1      | a
            7           | 2      | a
            """, CASES: """
            delivery_no | record | case_key
            1           | 1      | a
            1           | 2      | b
            2           | 1      | a
            2           | 2      | b
            3           | 2      | a
            4           | 2      | a
            5           | 1      | b
            """, EVENTS: """
            delivery_no | record | case_key
            3           | 1      | a
            3           | 2      | a
            4           | 1      | a
            4           | 2      | a
            4           | 3      | b
            5           | 1      | a
            """, "quality.set_aside": """
            delivery_no | record | reason_code
            1           | 3      | TYPE
            """}, 7,
        {"model.deliveries": """
            delivery_no | file      | taken_in | rows_delivered | rows_duplicate
            1           | a.csv     | 1        | 4              | 1
            2           | b.csv     | 1        | 0              | 0
            3           | old.csv   | 0        | 9              | 0
            4           | events    | 1        | 7              | 1
            5           | clock.csv | 1        | 4              | 1
            6           | paid.csv  | 1        | 2              | 0
            """, CLOCKS: """
            delivery_no | record | case_key
            5           | 1      | a
            5           | 2      | a
            """, RESULTS: """
            delivery_no | record | case_key
            6           | 1      | a
            6           | 2      | a
            """, CASES: """
            delivery_no | record | case_key
            1           | 1      | a
            1           | 2      | b
            4           | 2      | a
            4           | 3      | b
            4           | 4      | c
            """, EVENTS: """
            delivery_no | record | case_key
            4           | 1      | a
            4           | 2      | a
            4           | 3      | b
            4           | 4      | c
            4           | 5      | c
            """, "quality.set_aside": """
            delivery_no | record | reason_code
            1           | 2      | DQ03
            1           | 2      | DQ16
            1           | 3      | TYPE
            4           | 4      | DQ16
            4           | 5      | EVENT
            4           | 6      | EVENT
            5           | 2      | DQ21
            5           | 3      | TYPE
            """},
    ),
    "DQ33": (
        # January: 5 + 3 − 2 = 6, not 7. February: 7 − 6 = 1, and none is left
        {CELLS: """
            metric        | family   | period_id | numerator
            filed         | civil    | 2015-12   | 5
            pending_end   | civil    | 2015-12   | 5
            pending_start | civil    | 2016-01   | 5
            filed         | civil    | 2016-01   | 3
            closed        | civil    | 2016-01   | 2
            pending_end   | civil    | 2016-01   | 7
            pending_start | civil    | 2016-02   | 7
            closed        | civil    | 2016-02   | 6
            """}, 2,
        {CELLS: """
            metric        | family   | period_id | numerator
            filed         | civil    | 2015-12   | 5
            pending_end   | civil    | 2015-12   | 5
            pending_start | civil    | 2016-01   | 5
            filed         | civil    | 2016-01   | 3
            reopened      | civil    | 2016-01   | 1
            closed        | civil    | 2016-01   | 2
            pending_end   | civil    | 2016-01   | 7
            filed         | criminal | 2016-01   | 1
            closed        | criminal | 2016-01   | 1
            pending_start | civil    | 2016-02   | 7
            closed        | civil    | 2016-02   | 7
            """},
    ),
    "DQ34": (
        {CELLS: """
            metric        | period_id | numerator
            filed         | 2016-01   | 7
            pending_end   | 2016-01   | 7
            pending_start | 2016-02   | 6
            pending_end   | 2016-02   | 6
            filed         | 2016-03   | 1
            pending_end   | 2016-03   | 1
            pending_start | 2016-04   | 1
            closed        | 2016-04   | 1
            """}, 2,
        {CELLS: """
            metric        | period_id | numerator
            filed         | 2016-01   | 7
            pending_end   | 2016-01   | 7
            pending_start | 2016-02   | 7
            closed        | 2016-02   | 7
            filed         | 2016-03   | 1
            pending_end   | 2016-03   | 1
            pending_start | 2016-04   | 1
            closed        | 2016-04   | 1
            """},
    ),
    "DQ35": (
        # one case was filed and closed in 2016, where the cells say two and none; none in 2015, where they say one
        {"model.cases": """
            case_key | registered_on | closed_on
            a        | 2016-12-01    | 2016-12-02
            """, CELLS: """
            metric      | period_id | numerator
            filed       | 2016-12   | 2
            pending_end | 2016-12   | 2
            filed       | 2015-03   | 1
            closed      | 2015-03   | 1
            """}, 4,
        {"model.cases": """
            case_key | court_code | registered_on | closed_on
            a        | 浙0683     | 2016-01-01    | 2016-01-31
            b        | 浙0683     | 2011-03-01    |
            c        |            | 2016-12-31    |
            """, CELLS: """
            metric      | court  | period_id | numerator
            filed       | 浙0683 | 2016-01   | 1
            closed      | 浙0683 | 2016-01   | 1
            filed       | none   | 2016-12   | 1
            pending_end | none   | 2016-12   | 1
            """},
    ),
    "DQ36": (
        {"model.control_totals": """
            control_total_id | metric | first_day  | last_day   | reading | comparison | published
            CT1              | closed | 2016-01-01 | 2016-02-29 | n/a     | exact      | 3
            CT2              | filed  | 2016-01-01 | 2016-02-29 | flow    | exact      | 4
            CT3              | filed  | 2015-01-01 | 2015-12-31 | flow    | exact      | 9
            """, CELLS: """
            metric | period_id | numerator
            filed  | 2016-01   | 1
            closed | 2016-01   | 1
            filed  | 2016-02   | 1
            closed | 2016-02   | 1
            """}, 3,
        {"model.control_totals": """
            control_total_id | metric | first_day  | last_day   | reading | comparison | published | is_applicable
            CT1              | closed | 2016-01-01 | 2016-02-29 | n/a     | exact      | 2.0000    | true
            CT2              | filed  | 2016-01-01 | 2016-02-29 | flow    | exact      | 2         | true
            CT3              | filed  | 2016-01-01 | 2016-01-31 | flow    | exact      | 7         | false
            """, CELLS: """
            metric | period_id | numerator | variant | calendar_id
            filed  | 2016-01   | 1         |         | cal_month
            closed | 2016-01   | 1         |         | cal_month
            filed  | 2016-02   | 1         |         | cal_month
            closed | 2016-02   | 1         |         | cal_month
            filed  | 2016-03   | 1         |         | cal_month
            closed | 2016-03   | 1         |         | cal_month
            filed  | 2016-02   | 2         |         | stat20_month
            closed | 2016-02   | 2         |         | stat20_month
            filed  | 2016-02   | 5         | odd     | cal_month
            closed | 2016-02   | 5         | odd     | cal_month
            """},
    ),
    "DQ36U": (
        # 7 is neither 2 newly filed nor 4 carried over and 2 filed; 94 of 100 are less than 95 %
        {"model.control_totals": """
            control_total_id | metric                     | first_day  | last_day   | reading | comparison | published
            CT1              | filed                      | 2016-02-01 | 2016-02-29 | unknown | exact      | 7
            CT3              | same_day_registration_rate | 2016-02-01 | 2016-02-29 | n/a     | floor      | 0.95
            """, CELLS: """
            metric                     | period_id | numerator | denominator
            pending_start              | 2016-02   | 4         |
            pending_end                | 2016-01   | 4         |
            filed                      | 2016-01   | 4         |
            filed                      | 2016-02   | 2         |
            closed                     | 2016-02   | 6         |
            same_day_registration_rate | 2016-02   | 94        | 100
            """}, 2,
        {"model.control_totals": """
            control_total_id | metric                     | first_day  | last_day   | reading | comparison | published
            CT1              | filed                      | 2016-02-01 | 2016-02-29 | unknown | exact      | 2
            CT2              | filed                      | 2016-02-01 | 2016-02-29 | unknown | exact      | 6
            CT3              | same_day_registration_rate | 2016-02-01 | 2016-02-29 | n/a     | floor      | 0.95
            """, CELLS: """
            metric                     | period_id | numerator | denominator
            pending_start              | 2016-02   | 4         |
            pending_end                | 2016-01   | 4         |
            filed                      | 2016-01   | 4         |
            filed                      | 2016-02   | 2         |
            closed                     | 2016-02   | 6         |
            same_day_registration_rate | 2016-02   | 95        | 100
            """},
    ),
    "CORRECTIONS": (
        # of four, one speaks of no case, and one of a day that was never delivered
        {"model.corrections": """
            case_key | column_name | old_value  | new_value  | status
            a        | closed_on   | 2016-03-01 | 2016-03-02 | applied
            b        | closed_on   | 2016-03-01 | 2016-03-02 | does_not_match
            c        | closed_on   | 2016-03-01 | 2016-03-02 | no_such_case
            d        | closed_on   | 2016-03-01 | 2016-03-02 | mended_at_source
            """}, 2,
        {"model.corrections": """
            case_key | column_name | old_value  | new_value  | status
            a        | closed_on   | 2016-03-01 | 2016-03-02 | applied
            d        | closed_on   |            | 2016-03-02 | mended_at_source
            d        | closed_on   | 2016-03-02 | 2016-03-03 | replaced
            """},
    ),
    "RECOUNT": (
        # two readings of one metric; what differed at the refresh before is not asked again
        {"quality.recount_differences": """
            refresh_no | metric      | variant | calendar_id | period_id | court  | cells | counted_numerator | recounted_numerator
            1          | closed      |         | cal_month   | 2016-03   | 浙0683 | 2     | 5                 | 6
            1          | due_soon    | in_10_days | cal_month | 2016-04  | 浙0683 | 1     |                   | 1
            0          | filed       |         | cal_month   | 2016-03   | 浙0683 | 1     | 1                 | 2
            """}, 2,
        {"quality.recount_differences": """
            refresh_no | metric | calendar_id | period_id | court  | cells | counted_numerator | recounted_numerator
            0          | filed  | cal_month   | 2016-03   | 浙0683 | 1     | 1                 | 2
            """},
    ),
    "DQ44": (
        # 3 closed of 2 that were there; the family of two negative and two positive cells balances
        {CELLS: """
            metric        | family   | period_id | numerator
            filed         | civil    | 2016-01   | 1
            pending_end   | civil    | 2016-01   | 1
            pending_start | civil    | 2016-02   | 1
            filed         | civil    | 2016-02   | 1
            closed        | civil    | 2016-02   | 3
            pending_end   | civil    | 2016-02   | -1
            pending_start | civil    | 2016-03   | -1
            filed         | civil    | 2016-03   | 1
            """}, 2,
        {CELLS: """
            metric        | family   | period_id | numerator
            filed         | civil    | 2016-01   | 1
            pending_end   | civil    | 2016-01   | 1
            pending_start | civil    | 2016-02   | 1
            filed         | civil    | 2016-02   | 1
            closed        | civil    | 2016-02   | 2
            reopened      | civil    | 2016-03   | 1
            closed        | civil    | 2016-03   | 1
            """},
    ),
    "TOTALS1": (
        {TOTALS: """
            delivery_no | total_key                     | value
            1           | filings/filed/2016-03/court=a | 3
            1           | filings/filed/2016-03/court=a | 4
            1           | filings/filed/2016-03/court=b | 4
            """}, 2,
        {TOTALS: """
            delivery_no | total_key                     | value
            1           | filings/filed/2016-03/court=a | 3
            1           | filings/filed/2016-03/court=b | 3
            1           | filings/filed/none/court=a    |
            2           | filings/filed/2016-03/court=a | 4
            """},
    ),
}  # fmt: skip


def with_more(catalogue):
    """The same court, which also takes published totals, and snapshots of cases: rules on these are asked as well."""
    contracts = catalogue.profile.contracts
    more = {
        "totals": contracts["cases"].model_copy(update={"source": "totals", "feeds": "totals"}),
        "snapshots": contracts["cases"].model_copy(update={"source": "snapshots", "kind": "snapshot"}),
    }
    return replace(catalogue, profile=replace(catalogue.profile, contracts={**contracts, **more}))


@pytest.fixture
def broken(bench):
    """What breaks which rule, and how often, in a docket; rules of the same kind as `rule_id`, or that one alone."""

    def ask(docket, rule_id):
        for name in (CASES, APPLICATIONS, EVENTS, TOTALS, CLOCKS, RESULTS):
            bench.store.ensure(name, bench.catalogue.tables[name.replace("new_", "")])
        for name in (CELLS, "metrics.cells", "model.control_totals"):
            bench.store.ensure(name, bench.catalogue.tables[name])
        for name, drawing in docket.items():
            bench.put(name, drawing)
        if "model.deliveries" not in docket:
            bench.put("model.deliveries", "delivery_no | extract_on | taken_in \n 1 | 2016-04-30 | 0 \n 2 | 2016-12-31 | 0")
        bench.reckon("2016-12-31", "2012-01-01")
        rules = read_rules(with_more(bench.catalogue))
        alike = {key: rule for key, rule in rules.items() if (rule.looks_at == "row") == (rules[rule_id].looks_at == "row")}
        if not {"model.cases", CELLS} <= set(docket):  # cells without the cases that they count, or the other way round
            alike = {key: rule for key, rule in alike.items() if key != "DQ35"}
        if rule_id != "DQ42":  # between a few cases months are empty
            alike = {key: rule for key, rule in alike.items() if key != "DQ42"}
        asked = [Expected(r.id, r.table, breaking_rows(bench.catalogue, r).text, None, {}) for r in alike.values()]
        values = bench.work.parameters() | KNOWN_BEFORE.get(rule_id, {})
        outcomes = validate(bench.store.connection, asked, values)
        assert not [outcome for outcome in outcomes if outcome.error]
        return {outcome.rule_id: outcome.unexpected for outcome in outcomes if outcome.unexpected}

    return ask


@pytest.mark.parametrize("rule_id", DOCKETS)
def test_a_docket_that_breaks_a_rule_breaks_only_that_rule(broken, rule_id):
    docket, rows, _ = DOCKETS[rule_id]
    assert broken(docket, rule_id) == {rule_id: rows}


@pytest.mark.parametrize("rule_id", DOCKETS)
def test_a_docket_beside_it_breaks_none(broken, rule_id):
    assert broken(DOCKETS[rule_id][2], rule_id) == {}


def test_every_rule_has_both(catalogue):
    written = {path.stem for path in (catalogue.house / "warehouse/rules").glob("*.yml")}
    assert written == set(DOCKETS)


def test_every_rule_looks_at_rows_that_are_there(bench, catalogue):
    names = {rule.table for rule in read_rules(catalogue).values()}
    assert {name.replace(".new_", ".") if name.startswith("staged") else name for name in names} <= set(catalogue.tables)
