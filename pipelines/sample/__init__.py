"""The made-up court: what happens there, what is told wrongly at first, and what it sends; imports nothing of ours."""
