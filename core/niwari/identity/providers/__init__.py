"""The providers of an installation: named, changed, stopped, and whom they serve."""
