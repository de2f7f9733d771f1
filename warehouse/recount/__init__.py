"""Every metric a second time, in Polars and from staged rows, by the words of the dictionary. Imports nothing of ours."""
