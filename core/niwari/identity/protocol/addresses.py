"""The addresses of this installation that are registered with a provider."""


def redirect_address(base_url: str, provider_id: int) -> str:
    """Return the redirect address that is registered with a provider."""
    return f"{base_url.rstrip('/')}/sign-in/callback/{provider_id}"


def logout_address(base_url: str, provider_id: int) -> str:
    """Return where a provider announces sign-outs (back-channel logout)."""
    return f"{base_url.rstrip('/')}/sign-in/back-channel-logout/{provider_id}"


def signed_out_address(base_url: str) -> str:
    """Return the address after signing out that is registered with every provider."""
    return f"{base_url.rstrip('/')}/signed-out"
