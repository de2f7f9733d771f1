"""A blocking rule on a set with a tolerance: what is no further off only warns, what is further off withholds, and says so."""

from datetime import date

import pytest

from warehouse.refresh.count import judge

YEAR = (date(2015, 1, 1), date(2015, 12, 31))


@pytest.fixture
def judged(bench, monkeypatch):
    """Severity and failing rows of DQ39 (blocks above 0.5 %), and what it withholds, where 2015 drifts from 1,000 each."""

    def ask(filed, closed):
        bench.put("model.deliveries", "delivery_no | world_rank | taken_in | extract_on \n 1 | 1 | 1 | 2016-01-31")
        bench.put(
            "metrics.cells",
            f"""
            metric | period_id | numerator | from_refresh | to_refresh
            filed  | 2015-03   | 1000      | 1            | 1
            filed  | 2015-03   | {filed}   | 2            |
            closed | 2015-03   | 1000      | 1            | 1
            closed | 2015-03   | {closed}  | 2            |
        """,
        )
        bench.reckon("2016-12-31", "2012-01-01", [])
        rules = {"DQ39": bench.work.rules["DQ39"]}
        bench.work.__dict__["rules"] = rules
        bench.work.number = 2
        values = bench.work.parameters() | {"refresh_before": 1, "counted_before": date(2016, 1, 31)}
        monkeypatch.setattr(bench.work, "parameters", lambda: values)
        judge(bench.work)
        asked = bench.store.connection.execute
        verdict = asked("select severity, failing, holds from quality.verdicts").fetchall()
        return verdict, asked("select metric, first_day, last_day from quality.gates order by metric").fetchall()

    return ask


def test_up_to_the_tolerance_a_breach_only_warns(judged):
    # 5 of 1,000 are 0.5 %, not more; so are 6 of 1,200
    assert judged(filed=1005, closed=999) == ([("warns", 2, False)], [])


def test_above_it_the_metric_is_withheld_in_the_year_with_the_ratios_made_of_it_and_no_other(judged):
    verdict, gates = judged(filed=1000, closed=994)
    assert verdict == [("blocks", 1, False)]
    assert {gate[1:] for gate in gates} == {YEAR}
    withheld = {gate[0] for gate in gates}
    assert {"closed", "closing_rate_cn", "clearance_rate_cepej"} <= withheld
    assert not withheld & {"filed", "accepted_r1", "same_day_registration_rate", "pending_end", "mean_days_closed"}


def test_of_two_breaches_only_the_one_above_it_withholds(judged):
    verdict, gates = judged(filed=1001, closed=1006)
    assert verdict == [("blocks", 2, False)]
    assert {"closed", "closing_rate_cn"} <= {gate[0] for gate in gates} and "filed" not in {gate[0] for gate in gates}
