"""Files that belong to rows: checked, re-encoded, stored, served by permission."""
