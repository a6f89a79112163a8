"""What was done: recording it, and correcting what was recorded."""
