"""One refresh, step by step, and its replay. The assets call these steps; nothing here knows Dagster."""
