"""What a provider says about itself (OpenID Connect Discovery), and what of it is believed."""

from collections.abc import Mapping
from typing import Any

from requests import ConnectionError as Unreachable
from requests import RequestException, Timeout
from requests.exceptions import SSLError

from niwari.identity.protocol.line import NotAnswering
from niwari.identity.protocol.outward import AddressRefused, AddressRule
from niwari.identity.protocol.transport import TIMEOUT_SECONDS, AddressNotAllowed, AnswerTooLong

_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")

MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a document of others may end in, also one that is nested without end."""


class BadMetadata(ValueError):
    """The provider's metadata cannot be had or used.

    ``reason`` is one of: timeout, tls, unreachable, status, no_document, other_issuer,
    no_address, insecure_address, this_machine, private_address, other_host, algorithms. The message
    repeats nothing from outside but a host's name or number, in its plain form.
    """

    def __init__(self, reason: str, message: str) -> None:
        """Say ``message``, for the log and the command line."""
        super().__init__(message)
        self.reason = reason


def metadata_address(issuer: str) -> str:
    """Return where the provider ``issuer`` publishes its metadata."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def fetch_metadata(issuer: str, session_class: type[Any], rule: AddressRule) -> dict[str, Any]:
    """Return the metadata of ``issuer`` as far as they are used; raises ``BadMetadata``."""
    try:
        rule.check_issuer(issuer)
        with session_class(default_timeout=TIMEOUT_SECONDS) as http:
            # Metadata lie where the issuer says: whoever sends us elsewhere is not asked.
            answer = http.request(
                "GET", metadata_address(issuer), withhold_token=True, allow_redirects=False
            )
    except (AddressRefused, AddressNotAllowed) as refused:
        raise BadMetadata(refused.reason, str(refused)) from None
    except NotAnswering as error:
        raise BadMetadata("timeout", str(error)) from None
    except Timeout:
        raise BadMetadata("timeout", f"no answer within {TIMEOUT_SECONDS} seconds") from None
    except AnswerTooLong as error:
        raise BadMetadata("no_document", str(error)) from None
    except SSLError:
        raise BadMetadata("tls", "its certificate is not one that this machine trusts") from None
    except Unreachable:
        raise BadMetadata("unreachable", "it cannot be reached from this machine") from None
    except (RequestException, ValueError) as error:
        raise BadMetadata("unreachable", f"it was not asked: {type(error).__name__}") from None
    if answer.status_code != 200:
        raise BadMetadata("status", f"answered with status {answer.status_code}, not 200")
    try:
        return _checked(issuer, answer.json(), rule)
    except BadMetadata:
        raise
    except AddressRefused as refused:
        raise BadMetadata(refused.reason, str(refused)) from None
    except MALFORMED as error:
        raise BadMetadata(
            "no_document", f"its metadata are malformed: {type(error).__name__}"
        ) from None


def _checked(issuer: str, found: Mapping[str, Any], rule: AddressRule) -> dict[str, Any]:
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
        rule.check_endpoint(issuer, name, address)
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
