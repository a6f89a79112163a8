"""The 20% ledger: work time, requests and agreements, journal, reports (R-001, rules L)."""
