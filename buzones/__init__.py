"""The official mailboxes: every message that reaches one is kept, once and whole, before anybody reads it."""
