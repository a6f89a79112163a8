"""Pages for municipal IT."""
