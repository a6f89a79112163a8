"""Notices: what is said to whom, written in the transaction of what happened."""
