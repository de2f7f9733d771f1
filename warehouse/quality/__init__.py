"""Rules, their verdicts, and what they withhold."""
