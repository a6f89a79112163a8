"""Where a provider may stand: what this server connects to because somebody else says so.

A provider's metadata name addresses that the server then opens. The provider is another's, and so
is the name service that says where its names lead to; neither may make the server ask machines of
the inner network (docs/decisions/0024).
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from niwari.config import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LONGEST = 2000
_HOST = re.compile(r"[A-Za-z0-9_.:-]+")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(ValueError):
    """An address that is not to be connected to.

    ``reason`` is one of: insecure_address, this_machine, private_address, other_host, and of a webhook
    other_port. The message
    repeats nothing from outside but a host's name or number, in its plain form.
    """

    def __init__(self, reason: str, message: str) -> None:
        """Say ``message``, for the log and the command line."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Which addresses of providers an installation takes.

    All are https, and those in a provider's metadata stand on the issuer's own host or on one of
    ``hosts``. Public numbers are good, private ones within ``networks`` alone, those of this machine
    and of its link never. Outside of production, providers may be on this machine, without https,
    and in any private network.
    """

    is_production: bool = True
    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    setting: str = "provider_networks"
    """The setting that names ``networks``."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the rule of an installation."""
        return cls(
            settings.is_production,
            frozenset(host.lower() for host in settings.provider_hosts),
            tuple(ipaddress.ip_network(text) for text in settings.provider_networks),
        )

    def check_issuer(self, issuer: str) -> None:
        """Raise ``AddressRefused`` where ``issuer`` is no address at which a provider may be.

        Nothing is looked up: a name is checked when it is connected to.
        """
        host = _host_of(issuer)
        if host is None or "?" in issuer or not self._is_secure(issuer, host):
            raise AddressRefused("insecure_address", "the issuer is no address of https")
        self._check_host(host)

    def check_endpoint(self, issuer: str, name: str, address: str) -> None:
        """Raise ``AddressRefused`` where the metadata of ``issuer`` may not say ``address``.

        ``name`` is what the metadata call it.
        """
        host = _host_of(address)
        if host is None or not self._is_secure(address, host):
            raise AddressRefused(
                "insecure_address", f"{name} is no address of https, or one that is ambiguous"
            )
        if host != _host_of(issuer) and host not in self.hosts:
            raise AddressRefused(
                "other_host",
                f"{name} is on {host}, another host than the issuer; "
                f"if it is the provider's, add it to provider_hosts in niwari.toml",
            )
        self._check_host(host)

    def check_number(self, number: str) -> None:
        """Raise ``AddressRefused`` where ``number``, an IP address, is not to be connected to."""
        found = _unwrapped(ipaddress.ip_address(number))
        if self._is_never(found):
            raise AddressRefused(
                "this_machine", f"its address is {found}, which is this machine's or its link's"
            )
        if not self.is_production or (found.is_global and not _is_site_local(found)):
            return
        if not any(found in network for network in self.networks):
            raise AddressRefused(
                "private_address",
                f"its address is {found}, in a private network; if the provider is there, "
                f"add the network to {self.setting} in niwari.toml",
            )

    def _is_never(self, number: Address) -> bool:
        if number.is_loopback:
            return self.is_production
        return (
            number.is_link_local
            or number.is_unspecified
            or number.is_multicast
            or number.is_reserved
        )

    def _is_secure(self, address: str, host: str) -> bool:
        scheme = urlsplit(address).scheme
        return scheme == "https" or (
            scheme == "http" and not self.is_production and _is_this_machine(host)
        )

    def _check_host(self, host: str) -> None:
        number = _number(host)
        if number is not None:
            self.check_number(str(number))
        elif self.is_production and _is_this_machine(host):
            raise AddressRefused("this_machine", f"{host} is a name of this machine")


def _host_of(address: str) -> str | None:
    """Return the host of ``address``, in one spelling; ``None`` where it is not plain to see.

    Libraries read an address with spaces, backslashes, an account or a fragment each in their own
    way.
    """
    if not re.fullmatch(r"[!-~]+", address) or len(address) > _LONGEST or set("\\#") & set(address):
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return None
    if not host or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return host.lower().rstrip(".") or None


def _number(host: str) -> Address | None:
    """Return the IP address that ``host`` spells, also as 127.1 or 0x7f000001, or ``None``."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fx.]+", host):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _is_this_machine(host: str) -> bool:
    number = _number(host)
    if number is not None:
        return _unwrapped(number).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _unwrapped(number: Address) -> Address:
    """Return the IPv4 address that an IPv6 one leads to by translation, else the address itself."""
    if not isinstance(number, ipaddress.IPv6Address):
        return number
    if number in _NAT64:
        return ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    return number.ipv4_mapped or number.sixtofour or number


def _is_site_local(number: Address) -> bool:
    return isinstance(number, ipaddress.IPv6Address) and number.is_site_local
