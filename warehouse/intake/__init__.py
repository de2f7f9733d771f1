"""The dock: bytes to store, files to rows as text, text to typed rows; the ledger and the quarantine."""
