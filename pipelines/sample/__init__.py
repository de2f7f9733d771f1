"""The made-up court: what happens there, what is told wrongly or spoilt, and what it sends; imports nothing of ours."""
