"""The forms of the ledger, a module per role."""
