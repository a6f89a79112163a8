"""The two pluggy markers. Plugins use ``hookimpl`` by way of ``niwari.api``."""

import pluggy

PROJECT = "niwari"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
