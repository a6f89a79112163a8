"""Answering: who answers, what the answers do, and what heads do with what was agreed."""
