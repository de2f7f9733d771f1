"""What a file of unknown layout seems to be: encoding, table, meaning of headers, types of values. Seen, never settled."""
