"""Where a webhook may stand: in the internet, or where whoever runs the server says so; at port 443.

Each town's IT types an address of its own, and learns whether something answers there. So the networks
of sign-in providers, which the server's settings name for the installation, are not open to it.
"""

import ipaddress
from urllib.parse import urlsplit

from niwari.config import Settings
from niwari.identity.protocol.outward import AddressRefused, AddressRule

_PORT = 443


def rule_of(settings: Settings) -> AddressRule:
    """Return the rule of an installation: private networks are those of ``webhook_networks``."""
    return AddressRule(
        settings.is_production,
        networks=tuple(ipaddress.ip_network(text) for text in settings.webhook_networks),
        setting="webhook_networks",
    )


def check_place(rule: AddressRule, address: str) -> None:
    """Raise ``AddressRefused`` where ``address`` is none at which a webhook may be.

    Its port is 443 in production. Nothing is looked up: a name is checked when it is connected to.
    """
    rule.check_endpoint(address, "webhook", address)
    if rule.is_production and urlsplit(address).port not in (None, _PORT):
        raise AddressRefused("other_port", f"the webhook is at another port than {_PORT}")
