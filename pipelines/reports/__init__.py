"""Rows to screens and files."""
