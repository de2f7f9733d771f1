"""Readers: one module per family of formats, each giving every row of a landed file as text with its place."""
