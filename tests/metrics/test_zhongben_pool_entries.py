"""zhongben_pool_entries: every 终本 closing of a first or resumed enforcement, on its day (dictionary M30)."""

import random
from datetime import date, timedelta

import pytest

# The drawings keep their form.
# fmt: off


def test_each_closing_is_an_entry_and_other_closings_are_none(given, expect):
    given("model.cases", """
        case_key | type_code | bench_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 一庭       | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 二庭       | 2016-03-01    | 2016-03-31 | zhongben       | a
        c        | 执        | 一庭       | 2016-01-04    | 2016-02-10 | fully_enforced |
        d        | 执        | 一庭       | 2010-01-04    | 2011-12-31 | zhongben       |
    """)
    expect("figures", """
        metric                | period  | bench | value
        zhongben_pool_entries | 2011-12 | 一庭  |
        zhongben_pool_entries | 2011-12 | 二庭  |
        zhongben_pool_entries | 2016-02 | 一庭  | 1
        zhongben_pool_entries | 2016-03 | 二庭  | 1
        zhongben_pool_entries | 2016    | 一庭  | 1
        zhongben_pool_entries | 2016    | 二庭  | 1
    """)


def test_a_closing_after_the_counting_day_does_not_count_yet(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben
        b        | 执        | 2016-01-04    | 2016-02-11 | zhongben
    """)
    expect("figures", """
        metric                | period  | value
        zhongben_pool_entries | 2016-02 | 1
    """, counting_day="2016-02-10")


# --- whatever happens: pool = pool before + entries − exits, in total and in every bench; its ages add up to it

FIRST = date(2012, 1, 1)
BENCHES = ("一庭", "二庭", "")
MANNERS = ("zhongben", "zhongben", "zhongben", "fully_enforced", "enforcement_terminated", "")
OUTCOMES = ("satisfied", "terminated", "to_bankruptcy", "property_inquiry")


def random_chains(luck, count):
    """Cases and results with few days between them, so that much falls on one day; resumptions may name any case."""
    cases, results = [], []
    for number in range(count):
        key, is_first = f"k{number}", number == 0 or luck.random() < 0.4
        registered = FIRST + timedelta(days=luck.randrange(-40, 300))
        manner = luck.choice(MANNERS)
        closed = registered + timedelta(days=luck.choice((0, 0, 1, 7, 60, 200))) if manner else ""
        origin = "" if is_first else luck.choice((f"k{luck.randrange(number)}", f"k{luck.randrange(number)}", "lost"))
        cases.append(f"{key} | {'执' if is_first else '执恢'} | {luck.choice(BENCHES)} | {registered} | {closed} | {manner} | {origin}")
        for _ in range(luck.choice((0, 0, 1, 2))):
            told = (closed or registered) + timedelta(days=luck.choice((0, 0, 1, 30, 120)))
            results.append(f"{key} | {told} | {luck.choice(OUTCOMES)}")
    head = "case_key | type_code | bench_code | registered_on | closed_on | closing_manner | origin_case_key"
    return "\n".join([head, *cases]), "\n".join(["case_key | result_on | outcome", *results])


@pytest.mark.parametrize("seed", range(4))
def test_the_pool_is_the_pool_before_plus_entries_minus_exits_over_random_chains(new_bench, seed):
    bench = new_bench()
    cases, results = random_chains(random.Random(seed), 120)
    bench.put("model.cases", cases)
    bench.put("model.enforcement_results", results)
    bench.reckon("2013-06-30", "2012-01-01")
    bench.count(["zhongben_pool", "zhongben_pool_entries", "zhongben_pool_exits", "zhongben_pool_age", "enforcement_backlog"])
    cells = bench.store.connection.execute(
        "select metric, coalesce(variant, ''), bench, period_id, sum(numerator) from metrics.cells "
        "where calendar_id = 'cal_month' group by all"
    ).fetchall()
    held = {tuple(key): int(value) for *key, value in cells}
    months = sorted({period for *_, period in held})
    assert sum(value for key, value in held.items() if key[0] == "zhongben_pool_exits") > 20
    for name in ("一庭", "二庭", "none"):
        before = 0
        for month in months:
            pool, came, left, aged, backlog = (held.get((metric, variant, name, month), 0) for metric, variant in (
                ("zhongben_pool", ""), ("zhongben_pool_entries", ""), ("zhongben_pool_exits", ""), ("zhongben_pool_age", ""),
                ("enforcement_backlog", "pool")))
            assert pool == before + came - left, (seed, name, month)
            assert pool == aged == backlog, (seed, name, month)
            before = pool
    bench.store.abandon()
