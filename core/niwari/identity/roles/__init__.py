"""Who has which role, what roles may do, and why somebody may do something."""
