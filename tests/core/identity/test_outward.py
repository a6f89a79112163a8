"""Where providers may stand: the addresses that a server opens because others say so."""

import ipaddress
from pathlib import Path

import pytest

from niwari.config import Settings
from niwari.identity.protocol.outward import AddressRefused, AddressRule

ISSUER = "https://id.example.lg.jp/realm"
PRODUCTION = AddressRule()
INNER = AddressRule(networks=(ipaddress.ip_network("10.1.0.0/16"),))
DEMO = AddressRule(is_production=False)


def refusal(rule: AddressRule, number: str) -> str | None:
    """Why the rule refuses an IP address, or ``None``."""
    try:
        rule.check_number(number)
    except AddressRefused as refused:
        return refused.reason
    return None


PUBLIC = ("203.0.114.9", "2400:4050::1", "64:ff9b::cb00:7209")
PRIVATE = (
    *("10.1.2.3", "172.16.0.1", "192.168.1.1", "100.100.100.200", "198.18.0.1", "192.0.2.1"),
    *("fd00:ec2::254", "fec0::1", "::ffff:10.1.2.3", "64:ff9b::a01:203", "2002:a01:203::1"),
)
NEVER = (
    *("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254"),
    *(str(ipaddress.IPv4Address(0)), "::", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1"),
)


@pytest.mark.parametrize("number", PUBLIC)
def test_a_public_number_is_good(number: str) -> None:
    assert refusal(PRODUCTION, number) is None


@pytest.mark.parametrize("number", PRIVATE)
def test_a_private_one_is_not_unless_its_network_is_named(number: str) -> None:
    assert refusal(PRODUCTION, number) == "private_address"
    everywhere = AddressRule(
        networks=(ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
    )
    assert refusal(everywhere, number) is None


def test_a_named_network_opens_itself_and_no_other() -> None:
    assert refusal(INNER, "10.1.255.255") is None
    assert refusal(INNER, "10.2.0.1") == "private_address"


@pytest.mark.parametrize("number", NEVER)
def test_this_machine_and_its_link_are_never_good_in_production_whatever_is_named(
    number: str,
) -> None:
    everywhere = AddressRule(
        networks=(ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
    )
    assert refusal(everywhere, number) == "this_machine"


@pytest.mark.parametrize("number", ["127.0.0.1", "::1", "10.1.2.3", "203.0.114.9"])
def test_outside_of_production_providers_may_be_here_and_nearby(number: str) -> None:
    assert refusal(DEMO, number) is None
    assert refusal(DEMO, "169.254.169.254") == "this_machine"


@pytest.mark.parametrize(
    ("issuer", "reason"),
    [
        ("http://id.example.lg.jp", "insecure_address"),
        ("https://id.example.lg.jp?x=1", "insecure_address"),
        ("https://id.example.lg.jp#x", "insecure_address"),
        ("https://me@id.example.lg.jp", "insecure_address"),
        ("https://@id.example.lg.jp", "insecure_address"),
        ("https://id.example.lg.jp\\@evil.example", "insecure_address"),
        ("https://id.example.lg.jp/\r\nX: y", "insecure_address"),
        ("https://id.example.lg.jp:port", "insecure_address"),
        ("https://認証.example.jp", "insecure_address"),
        ("https://[::1", "insecure_address"),
        ("https://", "insecure_address"),
        ("file:///etc/passwd", "insecure_address"),
        ("gopher://id.example.lg.jp", "insecure_address"),
        ("http://localhost:8080", "insecure_address"),
        ("https://localhost", "this_machine"),
        ("https://LOCALHOST.:443", "this_machine"),
        ("https://id.localhost", "this_machine"),
        ("https://127.0.0.1/realm", "this_machine"),
        ("https://127.1", "this_machine"),
        ("https://0x7f000001", "this_machine"),
        ("https://2130706433", "this_machine"),
        ("https://0177.0.0.1", "this_machine"),
        ("https://[::1]", "this_machine"),
        ("https://[::ffff:7f00:1]", "this_machine"),
        ("https://169.254.169.254", "this_machine"),
        ("https://10.1.2.3:8443/realm", "private_address"),
        ("https://[fd00::1]", "private_address"),
    ],
)
def test_an_issuer_that_cannot_be_one_in_production_is_refused(issuer: str, reason: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        PRODUCTION.check_issuer(issuer)
    assert refused.value.reason == reason


def test_issuers_as_town_halls_have_them_are_good() -> None:
    for issuer in (ISSUER, "https://id.example.lg.jp:8443/a/b/", "https://idp", "https://face.fed"):
        PRODUCTION.check_issuer(issuer)
    INNER.check_issuer("https://10.1.2.3/realm")
    for issuer in ("http://localhost:8000/development-provider", "http://127.0.0.1:1", ISSUER):
        DEMO.check_issuer(issuer)
    with pytest.raises(AddressRefused):
        DEMO.check_issuer("http://id.example.lg.jp")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://elsewhere.example.jp/token", "other_host"),
        ("https://example.lg.jp/token", "other_host"),
        ("https://id.example.lg.jp.evil.example/token", "other_host"),
        ("https://169.254.169.254/latest/meta-data/", "other_host"),
        ("https://127.0.0.1/token", "other_host"),
        ("https://10.0.0.7/token", "other_host"),
        ("http://id.example.lg.jp/token", "insecure_address"),
        ("http://localhost/token", "insecure_address"),
        ("https://id.example.lg.jp\\@evil.example/token", "insecure_address"),
        ("https://id.example.lg.jp@evil.example/token", "insecure_address"),
        ("//id.example.lg.jp/token", "insecure_address"),
        ("/token", "insecure_address"),
        ("", "insecure_address"),
        ("https://id.example.lg.jp/" + "x" * 2000, "insecure_address"),
    ],
)
def test_an_endpoint_elsewhere_is_refused(address: str, reason: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        PRODUCTION.check_endpoint(ISSUER, "token_endpoint", address)
    assert refused.value.reason == reason
    assert "token_endpoint" in str(refused.value)


def test_an_endpoint_on_the_issuers_host_or_on_a_named_one_is_good() -> None:
    rule = AddressRule(hosts=frozenset({"keys.example.jp"}))
    for address in (
        "https://id.example.lg.jp/token?tenant=1",
        "https://ID.example.lg.jp.:8443/token",
        "https://keys.example.jp/jwks",
    ):
        rule.check_endpoint(ISSUER, "jwks_uri", address)


def test_a_named_host_must_stand_where_the_rule_allows_it_too() -> None:
    rule = AddressRule(hosts=frozenset({"10.9.0.1", "127.0.0.1"}))
    for address in ("https://10.9.0.1/jwks", "https://127.0.0.1/jwks"):
        with pytest.raises(AddressRefused):
            rule.check_endpoint(ISSUER, "jwks_uri", address)


def test_the_rule_of_an_installation_is_in_its_settings(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        provider_hosts=("Keys.example.jp",),
        provider_networks=("10.1.0.0/16",),
    )
    assert AddressRule.of(settings) == AddressRule(
        hosts=frozenset({"keys.example.jp"}), networks=INNER.networks
    )
