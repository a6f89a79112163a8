"""The vault: who wrote an anonymous row, sealed so that a copy of the database does not tell."""
