"""The promises as objects: queries, table contracts, metrics, profiles, source contracts."""
