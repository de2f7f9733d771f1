"""How it is started: Dagster, command line, reports, operations. Nobody imports it."""
