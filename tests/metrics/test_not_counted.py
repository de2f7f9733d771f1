"""Every convention of the dictionary is a metric, or is refused with its reason; as is every reading that it names."""

import pytest

from pipelines.cli import DECIDING, parser
from warehouse.catalogue.metric import not_counted, unknown_metric

CONVENTIONS = [
    "M01",
    "filed",
    "M02",
    "closed",
    "M03",
    "pending_start",
    "M04",
    "pending_end",
    "M05",
    "closing_rate_cn",
    "M06",
    "disposal_filing_ratio_cn",
    "M07",
    "clearance_rate_ncsc",
    "M07",
    "clearance_rate_ncsc.without_inactive",
    "M08",
    "clearance_rate_cepej",
    "M09",
    "disposition_time_cepej",
    "M10",
    "case_turnover_cepej",
    "M11",
    "same_day_registration_rate",
    "M11",
    "same_day_registration_rate.any_date",
    "M11",
    "same_day_registration_rate.working_days",
    "M12",
    "registration_within_limit",
    "M13",
    "within_base_limit_rate",
    "M14",
    "within_lawful_limit_rate",
    "M15",
    "overdue_pending",
    "M16",
    "long_pending_12m",
    "M16",
    "long_pending_18m",
    "M16",
    "long_pending_24m",
    "M16",
    "long_pending_36m",
    "M17",
    "long_pending_share_12m",
    "M17",
    "long_pending_of_load_12m",
    "M18",
    "pending_age_buckets",
    "M19",
    "km_median_days",
    "M20",
    "mean_days_closed",
    "M20",
    "mean_days_closed.net",
    "M21",
    "mediation_withdrawal_rate",
    "M21",
    "mediation_withdrawal_rate.without_deemed",
    "M22",
    "mediation_rate",
    "M22",
    "withdrawal_rate",
    "M23",
    "appeal_rate",
    "M24",
    "accept_judgment_rate",
    "M25",
    "reversal_remand_rate",
    "M26",
    "simplified_share",
    "M26",
    "small_claims_share",
    "M27",
    "enforcement_completion_rate",
    "M28",
    "first_enforcement_zhongben_share",
    "M29",
    "realisation_rate",
    "M30",
    "zhongben_pool",
    "M31",
    "enforcement_backlog",
    "M32",
    "enforcement_target_t1",
    "M32",
    "enforcement_target_t2",
    "M32",
    "enforcement_target_t3",
    "M32",
    "enforcement_target_t4",
    "M33",
    "closed_per_judge",
    "M34",
    "closing_evenness",
    "M35",
    "short_by",
    "M36",
    "enforcement_overdue",
    "M36",
    "enforcement_overdue.without_deductions",
]
"""Dictionary, section 11: number and id of each."""


def test_all_conventions_are_named_here():
    assert {number for number in CONVENTIONS if number.startswith("M")} == {f"M{n:02}" for n in range(1, 37)}


@pytest.mark.parametrize("name", CONVENTIONS[1::2])
def test_a_convention_is_counted_or_refused_with_its_reason(catalogue, name):
    metric, _, variant = name.partition(".")
    if metric in catalogue.metrics:
        assert not variant or variant in catalogue.metrics[metric].variants
        assert metric not in not_counted()
    else:
        reason = not_counted()[metric]
        assert not reason.asked_with or parser().parse_args(reason.asked_with.split()[1:]).command in ("figures", *DECIDING)
        assert not variant and len(reason.reason_en) > 20 and any("\u4e00" <= c <= "\u9fff" for c in reason.reason_zh)


def test_what_is_asked_otherwise_says_with_which_command(catalogue):
    asked = {name: one.asked_with for name, one in not_counted().items() if one.asked_with}
    assert set(asked) == {"km_median_days", "closing_evenness", "short_by"}
    for name, command in asked.items():
        assert unknown_metric(name, list(catalogue.metrics)).endswith(f"Ask `{command}`")
