"""OpenID Connect, as this installation speaks it with providers."""
