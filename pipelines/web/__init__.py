"""The dashboard: pages of the published warehouse, read-only, in two languages."""
