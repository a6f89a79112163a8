"""The index of all resources: finding them by what they say, and by their dates."""
