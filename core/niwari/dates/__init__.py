"""Days of Japan: national holidays, days on which offices are open, and what recurs."""
