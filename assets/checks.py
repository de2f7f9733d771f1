"""Verdicts of warehouse.quality as native asset checks. Only what stops a publication is blocking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dagster as dg

from warehouse.quality.expectations import Outcome
from warehouse.quality.rule import Rule


def specs_of(rules: Iterable[Rule], key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """One check a rule. A failed blocking check fails the whole run, so only rules on the run are blocking."""
    return [
        dg.AssetCheckSpec(rule.id, asset=key, description=f"{rule.name_en} ({rule.name_zh})", blocking=rule.looks_at == "run")
        for rule in rules
    ]


def results_of(outcomes: Iterable[Outcome], rules: Sequence[Rule], key: dg.AssetKey) -> list[dg.AssetCheckResult]:
    """What became of each: warnings, but for rules on the run."""
    by_id = {rule.id: rule for rule in rules}
    return [
        dg.AssetCheckResult(
            asset_key=key,
            check_name=outcome.rule_id,
            passed=outcome.success,
            severity=dg.AssetCheckSeverity.ERROR if by_id[outcome.rule_id].looks_at == "run" else dg.AssetCheckSeverity.WARN,
            metadata={
                "rows_looked_at": outcome.rows_looked_at,
                "failing": outcome.unexpected,
                "error": outcome.error or "",
            },
        )
        for outcome in outcomes
    ]
