"""A plugin for another Niwari, which this one does not load."""
