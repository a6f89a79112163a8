"""The plugin host: finds plugins, checks them, wires what they declare, and contains each.

``manifest`` and ``discovery`` read without running plugin code; ``registry`` loads and freezes;
``wiring`` registers routes with Flask; ``dispatch`` calls runtime hooks; ``enablement`` answers
the one question ``active``; ``gate`` asks it for each request.
"""
