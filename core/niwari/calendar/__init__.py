"""Dated rows as a calendar: pages, feeds, invitations."""
