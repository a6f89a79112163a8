"""identity provider add, list, edit, test, activate, deactivate; identity unbind."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from niwari.cli.opening import Opened, opened
from niwari.clock import tokyo_day
from niwari.config import ConfigError, Settings
from niwari.context import Context
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.errors import NotFound
from niwari.identity.protocol.addresses import logout_address, redirect_address, signed_out_address
from niwari.identity.protocol.metadata import BadMetadata, fetch_metadata
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.protocol.transport import transport
from niwari.identity.providers import changes, records
from niwari.identity.providers.drafts import Draft, checked
from niwari.identity.providers.stop import stop
from niwari.identity.sign_in.accounts import unbind


@click.group("identity")
def identity_group() -> None:
    """Whom people sign in with, and which accounts are whose."""


@identity_group.group("provider")
def provider_group() -> None:
    """The OpenID Connect providers of an installation."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What the options of ``add`` and ``edit`` name; ``None`` or empty where they do not."""

    label: str | None
    issuer: str | None
    client_id: str | None
    claim: str | None
    domains: tuple[str, ...]
    codes: tuple[str, ...]
    secret_from: str | None


def _options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--label", help="What people read on the sign-in page."),
            click.option(
                "--issuer", help="The issuer, https://…, exactly as the provider says it."
            ),
            click.option("--client-id", help="The client id that the provider registered."),
            click.option(
                "--claim", help="The claim that is the login; default preferred_username."
            ),
            click.option(
                "--domain", "domains", multiple=True, help="A mail domain; again for more."
            ),
            click.option(
                "--municipality",
                "codes",
                multiple=True,
                metavar="CODE",
                help="A municipality that it serves, by its six-digit code; again for more.",
            ),
            click.option(
                "--secret-from",
                metavar="FILE|-",
                help="The file with the client secret, or - for standard input. Else it is asked for "
                "at the terminal; where there is none, standard input is read.",
            ),
        )
    ):
        command = option(command)
    return command


@provider_group.command("add")
@_options
def add_command(**options: Any) -> None:
    """Name a provider; people of its municipalities can sign in with it at once.

    Example: niwari identity provider add --label 郡山市 --issuer https://id.example.lg.jp
    --client-id niwari --municipality 072036 --domain city.example.lg.jp
    """
    given = _Given(**options)
    for name, value in (("--issuer", given.issuer), ("--client-id", given.client_id)):
        if not value:
            raise ConfigError(f"{name} is missing; see: niwari identity provider add --help")
    if not given.codes:
        raise ConfigError("--municipality is missing: name at least one that it serves")
    with opened() as installation:
        draft = Draft(
            label=given.label or given.issuer or "",
            issuer=given.issuer or "",
            client_id=given.client_id or "",
            login_claim=given.claim or "preferred_username",
            domains=given.domains,
            municipality_ids=_ids_of(installation, given.codes),
        )
        checked(draft, AddressRule.of(installation.settings))
        secret = _secret(given.secret_from)
        provider_id = changes.add(_ctx(installation, "add"), _checked(installation, draft, secret))
        click.echo(f"Provider {provider_id} is active. Register with it:")
        _echo_addresses(installation.settings, provider_id)
    click.echo(f"Then ask it whether it answers: niwari identity provider test {provider_id}")


@provider_group.command("edit")
@click.argument("provider_id", type=click.IntRange(1, 2**31 - 1), metavar="ID")
@_options
@click.option("--new-secret", is_flag=True, help="Ask for the client secret anew.")
@click.option("--system-tokens", is_flag=True, help="Also revoke municipal tokens, see below.")
def edit_command(provider_id: int, new_secret: bool, system_tokens: bool, **options: Any) -> None:
    """Change a provider; what no option names stays. Domains and municipalities replace the list.

    A new issuer or client id needs the secret anew. In municipalities that it serves no more, sessions
    and personal API tokens end that were opened through it; with --system-tokens, municipal ones too.

    Example: niwari identity provider edit 2 --new-secret
    """
    given = _Given(**options)
    with opened() as installation:
        ctx = _ctx(installation, "edit")
        before = _found(ctx, provider_id)
        draft = Draft(
            label=before.label if given.label is None else given.label,
            issuer=before.issuer if given.issuer is None else given.issuer,
            client_id=before.client_id if given.client_id is None else given.client_id,
            login_claim=before.login_claim if given.claim is None else given.claim,
            domains=given.domains or before.domains,
            municipality_ids=_ids_of(installation, given.codes) or before.municipality_ids,
        )
        moved = (draft.issuer, draft.client_id) != (before.issuer, before.client_id)
        is_asked = new_secret or moved or given.secret_from is not None
        secret = _secret(given.secret_from) if is_asked else None
        draft = _checked(installation, draft, secret)
        changed = changes.edit(ctx, provider_id, draft, system_tokens=system_tokens)
    click.echo(f"Provider {provider_id} was {'changed' if changed else 'like this already'}.")


@provider_group.command("list")
def list_command() -> None:
    """List the providers, each with the municipalities and mail domains that it serves.

    Example: niwari identity provider list
    """
    with opened() as installation:
        ctx, after, is_empty = _ctx(installation, "list"), 0, True
        codes = records.municipality_codes()
        while page := records.records(ctx, after):
            for found in page[: records.PAGE]:
                is_empty, after = False, found.id
                state = "active" if found.is_active else "not active"
                click.echo(f"{found.id}  {state}  {found.label}  {found.issuer}  {found.client_id}")
                click.echo(
                    f"   claim {found.login_claim}; domains {', '.join(found.domains) or '-'}"
                )
                click.echo(f"   serves {', '.join(codes[id_] for id_ in found.municipality_ids)}")
            if len(page) <= records.PAGE:
                break
    if is_empty:
        click.echo("There is no provider; name one by: niwari identity provider add")


@provider_group.command("test")
@click.argument("provider_id", type=click.IntRange(1, 2**31 - 1), metavar="ID")
def test_command(provider_id: int) -> None:
    """Ask a provider for its metadata, as a sign-in does, and say what is wrong.

    Example: niwari identity provider test 2
    """
    with opened() as installation:
        found = _found(_ctx(installation, "test"), provider_id)
        rule = AddressRule.of(installation.settings)
        try:
            fetch_metadata(found.issuer, transport(rule), rule)
        except BadMetadata as error:
            raise ConfigError(f"{found.issuer}: {error}") from None
        click.echo(f"{found.issuer} answers as a provider does. Register with it:")
        _echo_addresses(installation.settings, provider_id)


@provider_group.command("activate")
@click.argument("provider_id", type=click.IntRange(1, 2**31 - 1), metavar="ID")
def activate_command(provider_id: int) -> None:
    """Let a provider be used from the next sign-in on.

    Example: niwari identity provider activate 2
    """
    with opened() as installation:
        ctx = _ctx(installation, "activate")
        _found(ctx, provider_id)
        changed = changes.set_active(ctx, provider_id, active=True)
    click.echo(f"Provider {provider_id} is active{'' if changed else ' already'}.")


@provider_group.command("deactivate")
@click.argument("provider_id", type=click.IntRange(1, 2**31 - 1), metavar="ID")
@click.option(
    "--keep-sessions", is_flag=True, help="Let sessions and personal tokens go on until they end."
)
@click.option(
    "--system-tokens",
    is_flag=True,
    help="Also revoke the municipalities' API tokens that were made in such sessions.",
)
def deactivate_command(provider_id: int, keep_sessions: bool, system_tokens: bool) -> None:
    """Let nobody sign in with a provider any more, and end what was opened through it.

    The sessions end at once, and the personal API tokens that were made in them. Again, of one that
    is not active, ends what was kept before.

    Example: niwari identity provider deactivate 2 --system-tokens
    """
    with opened() as installation:
        ctx = _ctx(installation, "deactivate")
        _found(ctx, provider_id)
        done = stop(ctx, provider_id, sessions=not keep_sessions, system_tokens=system_tokens)
    click.echo(f"Provider {provider_id} is not active{'' if done.is_new else ' already'}.")
    click.echo(
        f"Ended: {done.sessions} sessions, {done.tokens} personal tokens, "
        f"{done.system_tokens} municipal tokens."
    )


@identity_group.command("unbind")
@click.argument("login")
def unbind_command(login: str) -> None:
    """Forget which accounts are those of LOGIN and sign them out; the next sign-in binds anew.

    For an account that the provider has made anew, or that was bound to the wrong person.

    Example: niwari identity unbind staff@koriyama
    """
    with opened() as installation:
        forgotten = unbind(system_context(installation.clock(), "niwari identity unbind"), login)
    click.echo(f"{login}: {forgotten} account{'' if forgotten == 1 else 's'} forgotten.")


def _found(ctx: Context, provider_id: int) -> records.Record:
    try:
        return records.record(ctx, provider_id)
    except NotFound:
        raise ConfigError(
            f"provider {provider_id}: there is none; see: niwari identity provider list"
        ) from None


def _ctx(installation: Opened, verb: str) -> Context:
    return system_context(installation.clock(), f"niwari identity provider {verb}")


def _checked(installation: Opened, draft: Draft, secret: str | None) -> Draft:
    return checked(replace(draft, secret=secret), AddressRule.of(installation.settings))


def _ids_of(installation: Opened, codes: Sequence[str]) -> tuple[int, ...]:
    today = tokyo_day(installation.clock())
    return tuple(municipality_by_code(code, today).id for code in codes)


def _secret(source: str | None) -> str:
    has_terminal = sys.stdin is not None and sys.stdin.isatty()
    if source is None and has_terminal:
        found = click.prompt("Client secret", hide_input=True, default="", show_default=False)
    else:
        if source is None:
            click.echo("No terminal: the client secret is read from standard input.", err=True)
        found = _read(source or "-")
    found = found.strip()
    if not found:
        raise ConfigError(
            "the client secret is missing: type it at a terminal, "
            "name its file by --secret-from FILE, or send it in with --secret-from -"
        )
    return str(found)


def _read(source: str) -> str:
    try:
        if source != "-":
            return Path(source).read_text(encoding="utf-8")
        return sys.stdin.readline() if sys.stdin is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--secret-from {source}: not readable: {error}") from None


def _echo_addresses(settings: Settings, provider_id: int) -> None:
    click.echo(f"   redirect address     {redirect_address(settings.base_url, provider_id)}")
    click.echo(f"   after signing out    {signed_out_address(settings.base_url)}")
    click.echo(f"   back-channel logout  {logout_address(settings.base_url, provider_id)}")
