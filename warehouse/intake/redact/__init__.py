"""Redaction: delivered bytes without one person, every other row where it was; one module a format."""
