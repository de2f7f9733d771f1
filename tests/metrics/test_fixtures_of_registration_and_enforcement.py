"""The figures that the dictionary's sections 3 to 6 print, from small tables that reproduce them to the digit."""

from __future__ import annotations

from decimal import Decimal

from warehouse.audit.clock_words import added
from warehouse.catalogue.bundle import Catalogue

PARTS = {
    "civil_first": "9306.25", "administrative_first": "187.89", "private_prosecution": "13.30", "compensation": "10.85",
    "first_enforcement": "4318.88",
}  # fmt: skip
"""SPC, 2015-05-01 to 2022-06-30, in 万件 (chinacourt.org/article/detail/2022/07/id/6823862.shtml)."""


def test_the_five_parts_that_the_supreme_court_adds_up_are_the_population(given, expect):
    assert sum(Decimal(part) for part in PARTS.values()) == Decimal("13837.17")
    rows = "\n".join(f"{code} | register | 2016-03-01 | 2016-03-01 | 2016-03-01" for code in [*PARTS, "other"])
    given("model.registration_decisions", f"population | first_decision | received_on | decided_on | registered_on\n{rows}")
    expect("figures", """
        metric | period | numerator | denominator
        same_day_registration_rate | 2016-03 | 5 | 5
    """)  # fmt: skip


def enforcement(closings: dict[str, int]) -> str:
    """Closed cases of first enforcement, so many by each manner, all on one day."""
    manners = [manner for manner, count in closings.items() for _ in range(count)]
    rows = "\n".join(f"E{at} | enforcement_first | 2017-01-03 | 2017-05-02 | {manner}" for at, manner in enumerate(manners))
    return f"case_key | counts_as | registered_on | closed_on | closing_manner\n{rows}"


def test_zhejiang_2017_the_two_rates_add_to_one(given, expect):
    # Zhejiang, January to September 2017: 实际执行率 69.57 % and 终本率 30.43 % (人民法院报 2017-11-15). 14 of 46 = 30.43 %.
    given("model.cases", enforcement({"zhongben": 14, "fully_enforced": 20, "enforcement_terminated": 12}))
    expect("figures", """
        metric | period | value
        first_enforcement_zhongben_share | 2017-05 | 0.3043
        enforcement_completion_rate.complement | 2017-05 | 0.6957
    """, counting_day="2017-12-31")  # fmt: skip


def test_zhejiang_2016_completed_enforcement(given, expect):
    # 45.2 % with 19.6万 completed: implied denominator 43.4万; 196 of 434 = 45.16 %
    given("model.cases", enforcement({"fully_enforced": 196, "zhongben": 238}))
    expect("figures", """
        metric | period | value
        enforcement_completion_rate | 2017-05 | 0.4516
    """, counting_day="2017-12-31")  # fmt: skip


def test_suichang_2023_resumed_and_preserving_are_a_third_of_the_filings(given, expect):
    # 遂昌 2023: 6121 filed, 2208 of them 执恢 and 执保 (36 %); here in hundreds: 61 and 22
    rows = [*["enforcement_first"] * 39, *["enforcement_resumed"] * 12, *["enforcement_preservation"] * 10]
    given("model.cases", "case_key | counts_as | registered_on\n" +
          "\n".join(f"S{at} | {counts_as} | 2016-03-01" for at, counts_as in enumerate(rows)))  # fmt: skip
    expect("figures", """
        metric | period | counts_as | value
        filed | 2016-03 | enforcement_first | 39
        filed | 2016-03 | enforcement_resumed | 12
        filed | 2016-03 | enforcement_preservation | 10
    """)  # fmt: skip
    assert round(2208 / 6121, 2) == 0.36 == round((12 + 10) / len(rows), 2)


def test_the_scope_of_every_enforcement_figure_names_执恢_and_执保(catalogue: Catalogue):
    told = {
        m.id: m.scope
        for m in catalogue.metrics.values()
        if m.id.startswith(("enforcement_", "zhongben_", "first_enf", "realis"))
    }
    assert len(told) > 15
    lacking = [name for name, scope in told.items() if "执恢" not in scope or "执保" not in scope]
    assert lacking == []


def test_months_are_added_by_their_number_and_never_as_days():
    # The dictionary's trap: 2016-08-31 + 6 months is the last day of February
    from datetime import date

    assert added(date(2016, 8, 31), 6, 0) == date(2017, 2, 28)
