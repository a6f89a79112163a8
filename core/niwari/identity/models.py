"""Sessions, tokens, role grants, sign-in providers, and which identity is which person."""

from typing import Any

from peewee import (
    SQL,
    BigAutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Person

_APPOINTMENT = "REFERENCES directory_appointment (id)"


class Session(Model):
    """A browser's session. The cookie holds a random token, this row its SHA-256 alone.

    ``data`` is JSON. ``issuer`` and ``idp_session``, the provider's ``sid``, are for logout that begins
    there. ``device`` is as ``device_of`` names it, null where nobody looked. ``auth_time`` is when the
    person last showed the provider who they are, null where it did not say.
    """

    id: Any = BigAutoField()
    token_hash: Any = CharField(max_length=64, unique=True)
    appointment: Any = ForeignKeyField(Appointment, backref="sessions")
    data: Any = TextField(default="{}")
    created_at: Any = InstantField()
    seen_at: Any = InstantField()
    expires_at: Any = InstantField(index=True)
    issuer: Any = CharField(max_length=200, default="")
    idp_session: Any = CharField(max_length=200, default="")
    device: Any = CharField(max_length=60, null=True)
    auth_time: Any = InstantField(null=True)

    class Meta:
        table_name = "identity_session"
        indexes = ((("issuer", "idp_session"), False),)


class UsedLogoutToken(Model):
    """A logout token that was taken, kept until it expires: a second time it is refused.

    ``id`` is the SHA-256 of issuer and ``jti``.
    """

    id: Any = CharField(max_length=64, primary_key=True)
    expires_at: Any = InstantField(index=True)

    class Meta:
        table_name = "identity_used_logout_token"


class ExternalIdentity(Model):
    """A provider's name for a person: issuer and subject, bound at the first sign-in.

    One person has at most one subject at a provider: a new account that was given a former
    colleague's user name is not let in as that colleague.
    """

    issuer: Any = CharField(max_length=200)
    subject: Any = CharField(max_length=255)
    person: Any = ForeignKeyField(Person, backref="external_identities")
    bound_at: Any = InstantField()

    class Meta:
        table_name = "identity_external_identity"
        indexes = ((("issuer", "subject"), True), (("issuer", "person"), True))


class Provider(Model):
    """An OpenID provider that people sign in with; ``issuer`` names it for good.

    ``secret`` is the client secret, sealed and bound to this row, its issuer and its client id.
    ``login_claim`` is the claim that is matched with the directory at the first sign-in.
    ``revision`` grows with every change.
    """

    label: Any = CharField(max_length=100, default="")
    issuer: Any = CharField(max_length=200, unique=True)
    client_id: Any = CharField(max_length=255)
    secret: Any = TextField()
    login_claim: Any = CharField(max_length=100, default="preferred_username")
    is_active: Any = BooleanField(default=True, index=True)
    revision: Any = IntegerField(default=1)

    class Meta:
        table_name = "identity_provider"


class ProviderMunicipality(Model):
    """A municipality whose people may sign in with a provider."""

    provider: Any = ForeignKeyField(Provider, backref="served", index=False)
    municipality: Any = ForeignKeyField(Municipality, backref="+")

    class Meta:
        table_name = "identity_provider_municipality"
        indexes = ((("provider", "municipality"), True),)


class ProviderDomain(Model):
    """A mail domain, in lower case, whose addresses belong to a provider: to one at most."""

    provider: Any = ForeignKeyField(Provider, backref="domains")
    domain: Any = CharField(max_length=190, unique=True)

    class Meta:
        table_name = "identity_provider_domain"


GRANTED_ROLES = ("hr", "it", "secretariat", "auditor")


class RoleGrant(Model):
    """A role of an appointment beyond ``staff`` (everybody's) and ``head`` (by headship).

    It ends with the appointment, or after the Tokyo day ``ends_on`` where one is given.
    ``granted_by_id`` is the appointment that gave it, null for a command; ``granted_at`` is null for
    roles from before it was kept. ``reason`` says why, of a role of the region.
    """

    appointment: Any = ForeignKeyField(Appointment, backref="role_grants", index=False)
    appointment_id: int
    role: Any = CharField(max_length=20)
    granted_at: Any = InstantField(null=True)
    granted_by_id: Any = IntegerField(null=True, constraints=[SQL(_APPOINTMENT)])
    ends_on: Any = DateField(null=True)
    reason: Any = CharField(max_length=200, default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        table_name = "identity_role_grant"
        indexes = ((("appointment", "role"), True), (("role", "appointment"), False))
        constraints = [
            Check("role IN ('hr', 'it', 'secretariat', 'auditor')", name="identity_role_grant_role")
        ]


class DevelopmentCode(Model):
    """An authorization code of the development provider, good for one use; empty in production.

    The row holds the code's SHA-256 alone. ``session`` becomes the token's ``sid``.
    """

    code_hash: Any = CharField(max_length=64, unique=True)
    login: Any = CharField(max_length=200)
    redirect_uri: Any = TextField()
    scope: Any = TextField()
    nonce: Any = CharField(max_length=200, default="", index=True)
    challenge: Any = CharField(max_length=128)
    session: Any = CharField(max_length=64)
    issued_at: Any = InstantField()
    expires_at: Any = InstantField(index=True)

    class Meta:
        table_name = "identity_development_code"


class DevelopmentKey(Model):
    """A signing key of the development provider, as a private JWK; empty in production.

    It lies in the database so that several processes sign and publish the same one.
    """

    jwk: Any = TextField()
    made_at: Any = InstantField()

    class Meta:
        table_name = "identity_development_key"


class ApiToken(Model):
    """A key for programs. The row holds the SHA-256 of the token alone, which was shown once.

    A personal token acts in ``appointment`` and ends with it; where that is null, it is a token of
    the municipality. ``scopes`` are permissions, with spaces between. ``used_at`` is up to five
    minutes late. ``form_key`` makes a double click one token. ``issuer`` is the provider whose word
    opened the session in which it was made, null where that is not known.

    ``maker_gone_on`` is the Tokyo day on which it was found that whoever made a token of the
    municipality can make none any more; some time later it ends (``maker_gone``).
    """

    label: Any = CharField(max_length=100)
    token_hash: Any = CharField(max_length=64, unique=True)
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    appointment: Any = ForeignKeyField(Appointment, null=True, backref="api_tokens")
    scopes: Any = TextField()
    created_at: Any = InstantField()
    created_by: Any = ForeignKeyField(Appointment, backref="+", index=False)
    expires_at: Any = InstantField()
    used_at: Any = InstantField(null=True)
    revoked_at: Any = InstantField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)
    issuer: Any = CharField(max_length=200, null=True, index=True)
    maker_gone_on: Any = DateField(null=True)

    class Meta:
        table_name = "identity_api_token"
        indexes = ((("municipality", "appointment", "expires_at"), False),)
        constraints = [Check("expires_at > created_at", name="identity_api_token_lifetime")]


MODELS = (
    Session,
    UsedLogoutToken,
    ExternalIdentity,
    Provider,
    ProviderMunicipality,
    ProviderDomain,
    ApiToken,
    RoleGrant,
    DevelopmentCode,
    DevelopmentKey,
)
