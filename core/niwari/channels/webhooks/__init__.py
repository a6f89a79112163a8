"""Webhooks: a municipality's own chat or system is told what its people are told."""
