"""How data are kept and what is promised. Knows no Dagster, no web and no environment variable."""
