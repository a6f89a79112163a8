"""Notes: a plugin that uses every hook, and keeps every rule of the conformance run."""
