"""Sessions in the browser: stored, read at each request, seen and ended by their owner."""
