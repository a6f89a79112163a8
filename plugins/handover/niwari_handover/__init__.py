"""Handover 引継ぎ: notebooks that belong to a post, and are passed on with it (R-026)."""
