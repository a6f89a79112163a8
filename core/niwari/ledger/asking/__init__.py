"""Asking for 20% time: wishes, whether they fit, requests and their way back."""
