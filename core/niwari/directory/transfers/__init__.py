"""Planned transfers (異動の予定): sealed until a day and an hour, seen by HR alone before (内示)."""
