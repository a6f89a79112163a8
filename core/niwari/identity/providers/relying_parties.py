"""The relying parties of an application: one per provider and revision, shared by its threads."""

from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import Flask, current_app

from niwari.config import Settings
from niwari.errors import NotFound
from niwari.identity.models import Provider
from niwari.identity.protocol.line import Lines, over
from niwari.identity.protocol.metadata import fetch_metadata
from niwari.identity.protocol.oidc import ProviderUnavailable, RelyingParty, SignInFailed
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.protocol.transport import transport
from niwari.identity.providers.sealed import open_secret
from niwari.identity.sign_in.pending import pending_revision
from niwari.keyring import SealError

_PLACE = "niwari.identity.providers.relying_parties"
# However many towns there are: whoever signs in next reads the provider's metadata anew.
_MOST_KEPT = 64


class Parties:
    """The relying parties of one application, the least used dropped first."""

    def __init__(self, settings: Settings, transports: dict[str, type[Any]]) -> None:
        """Keep none yet; ``transports`` are the HTTP sessions for issuers of this process."""
        self.settings = settings
        self.transports = transports
        self.rule = AddressRule.of(settings)
        self.lines = Lines()
        self._network = transport(self.rule)
        self._kept: OrderedDict[tuple[int, int], RelyingParty] = OrderedDict()
        self._lock = Lock()

    def kept(self, provider_id: int, revision: int) -> RelyingParty | None:
        """Return the relying party for a provider as of ``revision``, if there is one yet."""
        with self._lock:
            found = self._kept.get((provider_id, revision))
            if found is not None:
                self._kept.move_to_end((provider_id, revision))
            return found

    def of(self, row: Provider) -> RelyingParty:
        """Return the relying party for a provider's row; raises ``ProviderUnavailable``."""
        found = self.kept(row.id, row.revision)
        if found is not None:
            return found
        made = self._made(row)
        with self._lock:
            # Of two threads that made one, all use the first's.
            kept = self._kept.setdefault((row.id, row.revision), made)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return kept

    def session_class(self, issuer: str) -> type[Any]:
        """Return the HTTP session by which the provider ``issuer`` is asked."""
        return self.transports.get(issuer, self._network)

    def _made(self, row: Provider) -> RelyingParty:
        try:
            secret = open_secret(row)
        except SealError as error:
            raise ProviderUnavailable(f"provider {row.id}: its client secret: {error}") from None
        return RelyingParty(
            provider_id=row.id,
            revision=row.revision,
            issuer=row.issuer,
            client_id=row.client_id,
            client_secret=secret,
            base_url=self.settings.base_url,
            login_claim=row.login_claim,
            session_class=self.session_class(row.issuer),
            rule=self.rule,
            line=self.lines.of(row.issuer),
        )


def install_providers(app: Flask, settings: Settings) -> None:
    """Let ``app`` sign in with the providers of its database; again forgets what was kept."""
    known = app.extensions.get(_PLACE)
    app.extensions[_PLACE] = Parties(settings, known.transports if known else {})


def reach_in_process(app: Flask, issuer: str, session_class: type[Any]) -> None:
    """Let ``app`` reach the provider ``issuer`` by ``session_class`` instead of the network."""
    app.extensions[_PLACE].transports[issuer] = session_class


def relying_party(provider_id: int) -> RelyingParty:
    """Return the relying party for an active provider, by one query.

    Raises ``NotFound`` where there is none, and ``ProviderUnavailable`` where its secret cannot be
    opened.
    """
    row = Provider.get_or_none((Provider.id == provider_id) & Provider.is_active)
    if row is None:
        raise NotFound
    return _parties().of(row)


def any_relying_party(provider_id: int) -> RelyingParty:
    """Return the relying party for a provider, also one that is not active any more.

    For what it says about sessions that were begun with it. Raises ``NotFound`` and
    ``ProviderUnavailable``.
    """
    row = Provider.get_or_none(Provider.id == provider_id)
    if row is None:
        raise NotFound
    return _parties().of(row)


def only_relying_party() -> RelyingParty | None:
    """Return the relying party for the only active provider; ``None`` where there are several.

    Raises ``NotFound`` where there is none, and ``ProviderUnavailable``.
    """
    rows = list(Provider.select().where(Provider.is_active).limit(2))
    if not rows:
        raise NotFound
    return _parties().of(rows[0]) if len(rows) == 1 else None


def answering_party(provider_id: int, state: str) -> RelyingParty:
    """Return the relying party that asked for the answer ``state`` at ``provider_id``.

    It is the one that asked, as of its revision: no query where this process still has it. Raises
    ``SignInFailed`` where the provider is not active, and ``ProviderUnavailable``.
    """
    revision = pending_revision(provider_id, state)
    found = None if revision is None else _parties().kept(provider_id, revision)
    try:
        return found or relying_party(provider_id)
    except NotFound:
        raise SignInFailed("the answer is for a provider that is not active") from None


def provider_of_issuer(issuer: str) -> RelyingParty | None:
    """Return the relying party for ``issuer``, also where it is not active any more, or ``None``.

    For ending what was begun with it. Raises ``ProviderUnavailable``.
    """
    row = Provider.get_or_none(Provider.issuer == issuer) if issuer else None
    return _parties().of(row) if row is not None else None


def confirming_party(issuer: str) -> RelyingParty:
    """Return the relying party that asks anew who somebody is, whose session ``issuer`` opened.

    No other can say it in its place. Sessions from before there were several providers name none:
    of them it is the only one. Raises ``ProviderUnavailable``, also where it was stopped.
    """
    try:
        if not issuer:
            party = only_relying_party()
        else:
            row = Provider.get_or_none((Provider.issuer == issuer) & Provider.is_active)
            party = _parties().of(row) if row is not None else None
    except NotFound:
        party = None
    if party is None:
        raise ProviderUnavailable("the session's provider is not active any more")
    return party


def check_provider(issuer: str) -> None:
    """Ask a provider for its metadata, as a sign-in does, also where it did not answer lately.

    Raises ``BadMetadata``.
    """
    parties = _parties()
    line = parties.lines.of(issuer)
    fetch_metadata(issuer, over(line, parties.session_class(issuer), anyway=True), parties.rule)
    line.answered()


def _parties() -> Parties:
    found: Parties = current_app.extensions[_PLACE]
    return found
