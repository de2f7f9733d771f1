"""What exists: thin Dagster assets that name their inputs and call one thing."""
