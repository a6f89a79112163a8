"""A plugin that behaves: it must work whatever its neighbours do."""
