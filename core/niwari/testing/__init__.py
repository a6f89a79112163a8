"""The kit for the tests of Niwari and of its plugins; installed as a pytest plugin."""
