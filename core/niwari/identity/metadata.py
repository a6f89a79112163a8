"""What a provider says about itself (OpenID Connect Discovery), and what of it is believed."""

import time
from collections.abc import Mapping
from typing import Any

from authlib.common.security import is_secure_transport
from authlib.integrations.requests_client import OAuth2Session
from requests import ConnectionError as Unreachable
from requests import RequestException, Timeout
from requests.exceptions import SSLError

TIMEOUT_SECONDS = 5
_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


_LONGEST_ANSWER = 256 * 1024
_LONGEST_SECONDS = 15


class Transport(OAuth2Session):  # type: ignore[misc]
    """How a provider is asked: it sends us nowhere else, and neither floods nor drips.

    An answer of more than 256 KiB, or one that takes longer than 15 seconds, is none.
    """

    def __init__(self, *positional: Any, **named: Any) -> None:
        """Take what Authlib's session takes."""
        super().__init__(*positional, **named)
        self.max_redirects = 0

    def send(self, request: Any, **named: Any) -> Any:
        """Send a request and read its answer, as far as that is bearable."""
        ends_at = time.monotonic() + _LONGEST_SECONDS
        answer = super().send(request, **{**named, "stream": True})
        content = bytearray()
        # Byte by byte: a longer portion would wait for its last byte, however slowly they come.
        for byte in answer.iter_content(1):
            content += byte
            if len(content) > _LONGEST_ANSWER or time.monotonic() > ends_at:
                answer.close()
                raise Timeout("the answer is too long or takes too long")
        answer._content = bytes(content)
        return answer


class BadMetadata(ValueError):
    """The provider's metadata cannot be had or used.

    ``reason`` is one of: timeout, tls, unreachable, status, no_document, other_issuer,
    no_address, insecure_address, algorithms. The message never repeats what came from outside.
    """

    def __init__(self, reason: str, message: str) -> None:
        """Say ``message``, for the log and the command line."""
        super().__init__(message)
        self.reason = reason


def metadata_address(issuer: str) -> str:
    """Return where the provider ``issuer`` publishes its metadata."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def fetch_metadata(issuer: str, session_class: type[Any]) -> dict[str, Any]:
    """Return the metadata of ``issuer`` as far as they are used; raises ``BadMetadata``."""
    try:
        with session_class(default_timeout=TIMEOUT_SECONDS) as http:
            # Metadata lie where the issuer says: whoever sends us elsewhere is not asked.
            answer = http.request(
                "GET", metadata_address(issuer), withhold_token=True, allow_redirects=False
            )
    except Timeout:
        raise BadMetadata("timeout", f"no answer within {TIMEOUT_SECONDS} seconds") from None
    except SSLError:
        raise BadMetadata("tls", "its certificate is not one that this machine trusts") from None
    except Unreachable:
        raise BadMetadata("unreachable", "it cannot be reached from this machine") from None
    except (RequestException, ValueError) as error:
        raise BadMetadata("unreachable", f"it was not asked: {type(error).__name__}") from None
    if answer.status_code != 200:
        raise BadMetadata("status", f"answered with status {answer.status_code}, not 200")
    try:
        return _checked(issuer, answer.json())
    except BadMetadata:
        raise
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise BadMetadata(
            "no_document", f"its metadata are malformed: {type(error).__name__}"
        ) from None


def _checked(issuer: str, found: Mapping[str, Any]) -> dict[str, Any]:
    # Only known keys are taken over: Authlib hands all of them to its HTTP session, whose
    # settings (verify, proxies) are not the provider's to choose.
    if found["issuer"] != issuer:
        raise BadMetadata("other_issuer", "the metadata are another issuer's")
    if missing := [name for name in _ADDRESSES if not isinstance(found.get(name), str)]:
        raise BadMetadata("no_address", f"the metadata lack {', '.join(missing)}")
    addresses = {name: found[name] for name in _ADDRESSES}
    if "end_session_endpoint" in found:
        addresses["end_session_endpoint"] = found["end_session_endpoint"]
    for name, address in addresses.items():
        if not is_secure_transport(address):
            raise BadMetadata("insecure_address", f"{name} is neither https nor on this machine")
    offered = found.get("id_token_signing_alg_values_supported", ["RS256"])
    algorithms = sorted(_ALGORITHMS.intersection(offered))
    if not algorithms:
        raise BadMetadata("algorithms", "it signs with no algorithm that is asymmetric")
    return {
        "issuer": issuer,
        **addresses,
        "id_token_signing_alg_values_supported": algorithms,
        "authorization_response_iss_parameter_supported": bool(
            found.get("authorization_response_iss_parameter_supported")
        ),
    }
