"""未结案龄: upper ends are inside their bucket, and the parts add up to what is pending."""

from __future__ import annotations

from datetime import date, timedelta

ENDS = (30, 90, 180, 365, 540, 1095)


def test_each_end_is_inside_its_bucket_and_all_add_up_to_the_stock(given, expect):
    last = date(2016, 10, 31)
    ages = [0, *ENDS, *(end + 1 for end in ENDS)]
    given("model.cases", "case_key | registered_on\n" + "\n".join(f"A{age} | {last - timedelta(age)}" for age in ages))
    expect(
        "figures",
        """
        metric | period | part | value
        pending_age_buckets | 2016-10 | 0-30 | 2
        pending_age_buckets | 2016-10 | 31-90 | 2
        pending_age_buckets | 2016-10 | 91-180 | 2
        pending_age_buckets | 2016-10 | 181-365 | 2
        pending_age_buckets | 2016-10 | 366-540 | 2
        pending_age_buckets | 2016-10 | 541-1095 | 2
        pending_age_buckets | 2016-10 | over-1095 | 1
    """,
        counting_day="2016-10-31",
    )
    expect(
        "figures",
        """
        metric | period | value
        pending_age_buckets | 2016-10 | 13
        pending_end | 2016-10 | 13
    """,
        counting_day="2016-10-31",
    )


def test_a_closed_case_leaves_its_bucket(given, expect):
    given("model.cases", "case_key | registered_on | closed_on\nA | 2016-01-01 | 2016-02-29")
    expect(
        "figures",
        """
        metric | period | part | value
        pending_age_buckets | 2016-01 | 0-30 | 1
    """,
    )
