"""The audit: who did what, written in the transaction that does it."""
