"""The six layers and the one schema beside them. What a layer holds stands in docs/architecture.md, not here."""

from __future__ import annotations

LAYERS = ("landing", "raw", "staged", "model", "metrics", "published")
"""In the order of the flow; the word is the schema, the asset group and the folder."""

VERDICTS = "quality"
"""The schema that stands beside the layers: rules, verdicts, set-aside rows, gates."""
