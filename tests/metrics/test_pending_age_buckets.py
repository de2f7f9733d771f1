"""pending_age_buckets (未结案龄): pending cases by days since registration; the parts add up to pending_end (M18)."""

# The drawings keep their form.
# fmt: off


def test_the_upper_end_is_in_its_bucket_and_the_next_day_in_the_next_one(given, expect):
    # at the end of 2016-12-31: 30 and 31 days, 90 and 91, 180 and 181, 365 and 366, 540 and 541, 1095 and 1096
    given("model.cases", """
        case_key | registered_on
        a        | 2016-12-31
        b        | 2016-12-01
        c        | 2016-11-30
        d        | 2016-10-02
        e        | 2016-10-01
        f        | 2016-07-04
        g        | 2016-07-03
        h        | 2016-01-01
        i        | 2015-12-31
        j        | 2015-07-10
        k        | 2015-07-09
        l        | 2014-01-01
        m        | 2013-12-31
    """)
    expect("figures", """
        metric              | period  | part      | value
        pending_age_buckets | 2016-12 | 0-30      | 2
        pending_age_buckets | 2016-12 | 31-90     | 2
        pending_age_buckets | 2016-12 | 91-180    | 2
        pending_age_buckets | 2016-12 | 181-365   | 2
        pending_age_buckets | 2016-12 | 366-540   | 2
        pending_age_buckets | 2016-12 | 541-1095  | 2
        pending_age_buckets | 2016-12 | over-1095 | 1
    """)


def test_a_case_wanders_through_the_buckets_and_leaves_on_the_day_of_closing(given, expect):
    # 30 days old on 2016-01-31, 59 on 2016-02-29; closed on 2016-03-31 when it would be 90 days old
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-01    | 2016-03-31
        b        | 2015-12-31    | 2016-02-01
    """)
    expect("figures", """
        metric              | period  | part  | value
        pending_age_buckets | 2016-01 | 0-30  | 1
        pending_age_buckets | 2016-01 | 31-90 | 1
        pending_age_buckets | 2016-02 | 0-30  | 0
        pending_age_buckets | 2016-02 | 31-90 | 1
        pending_age_buckets | 2016-03 | 31-90 | 0
    """)


def test_the_parts_add_up_to_what_is_pending(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on  | type_code
        a        | 2011-01-04    |            | 执
        b        | 2015-03-02    | 2016-02-03 | 民初
        c        | 2016-01-04    |            | 刑初
        d        | 2016-01-04    | 2016-01-04 | 民初
    """)
    expect("figures", """
        metric              | period  | value
        pending_end         | 2016-01 | 3
        pending_age_buckets | 2016-01 | 3
        pending_end         | 2016-02 | 2
        pending_age_buckets | 2016-02 | 2
    """)
