"""The one way to ask the published warehouse."""
