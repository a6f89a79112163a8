"""How this installation shows a provider that it is its client."""

import base64
from typing import Any
from urllib.parse import quote


def show_client_secret(
    client: Any, method: str, uri: str, headers: dict[str, str], body: Any
) -> tuple[str, dict[str, str], Any]:
    """Add id and secret to a token request, as Authlib's ``client_secret_basic``.

    But encoded first, as RFC 6749 (section 2.3.1) has it: else a provider that decodes reads another
    secret where one has a "+" or "%" in it.
    """
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    headers["Authorization"] = f"Basic {base64.b64encode(pair.encode('ascii')).decode('ascii')}"
    return uri, headers, body
