"""mail test: whether notices can leave by mail."""

import secrets

import click

from niwari.channels.channel import ChannelDown, Letter
from niwari.channels.installing import domain_of
from niwari.channels.smtp import Mail, is_address, mail_server
from niwari.config import load_settings
from niwari.installation import home
from niwari.pages.texts import gettext as _

_MENDS = {
    "unreachable": "nobody answers there; check host, port and the firewall",
    "timeout": "it does not answer within 10 seconds; check host, port and the firewall",
    "hung up": "it hung up; check port and security (tls, starttls or none)",
    "tls": "its certificate or its TLS is not accepted; check security (tls, starttls or none)",
    "not supported": "it offers no STARTTLS or no login; check security and user",
}


@click.group("mail")
def mail_group() -> None:
    """Mail: whether notices can leave by it."""


@mail_group.command("test")
@click.option("--to", "address", required=True, help="The address that gets the mail.")
def test_command(address: str) -> None:
    """Send one mail by the server that niwari.toml names under [mail], and say how it went.

    Ends with exit code 1 where it did not leave.

    Example: niwari mail test --to it@city.example.lg.jp
    """
    if not is_address(address):
        raise click.BadParameter(f"{address!r} is no address", param_hint="--to")
    settings = load_settings(home())
    server = mail_server(settings)
    if server is None:
        raise click.UsageError(
            "no mail server is set up; write host and sender under [mail] in niwari.toml"
        )
    where = f"{server.host}:{server.port}"
    text = _("にわりからの試しのメールです。届いていれば、お知らせをメールで送れます。") + "\n"
    letter = Letter(0, f"test-{secrets.token_hex(8)}", address, _("【にわり】試しのメール"), text)
    try:
        (outcome,) = Mail(server, domain_of(settings)).send([letter])
        said = "" if outcome.sent else outcome.what
    except ChannelDown as down:
        said = down.what
    if said:
        mend = _MENDS.get(said, "it refused; ask whoever runs it what the code means")
        click.echo(f"niwari: {where}: {said}: {mend}", err=True)
        raise click.exceptions.Exit(1)
    click.echo(f"{where} took a mail for {address}.")
