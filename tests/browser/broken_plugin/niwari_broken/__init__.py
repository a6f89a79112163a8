"""A plugin that fails wherever a person could meet it."""
