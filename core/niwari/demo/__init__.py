"""The demo region: the 17 real municipalities, people named by role and number, content to look at."""
