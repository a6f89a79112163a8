"""Sessions, tokens, role grants, and which sign-in identity is which person."""

from typing import Any

from peewee import BigAutoField, CharField, Check, ForeignKeyField, TextField

from niwari.db import InstantField, Model
from niwari.directory.models import Appointment, Municipality, Person


class Session(Model):
    """A browser's session. The cookie holds a random token, this row its SHA-256 alone.

    ``appointment`` is null until sign-in has succeeded; ``data`` is JSON. ``idp_session`` is the
    provider's ``sid``, for logout that begins there. ``device`` is as ``device_of`` names it, null
    where nobody looked.
    """

    id: Any = BigAutoField()
    token_hash: Any = CharField(max_length=64, unique=True)
    appointment: Any = ForeignKeyField(Appointment, null=True, backref="sessions")
    data: Any = TextField(default="{}")
    created_at: Any = InstantField()
    seen_at: Any = InstantField()
    expires_at: Any = InstantField(index=True)
    issuer: Any = CharField(max_length=200, default="")
    idp_session: Any = CharField(max_length=200, default="", index=True)
    device: Any = CharField(max_length=60, null=True)

    class Meta:
        table_name = "identity_session"


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


GRANTED_ROLES = ("hr", "it", "secretariat", "auditor")


class RoleGrant(Model):
    """A role of an appointment beyond ``staff`` (everybody's) and ``head`` (by headship)."""

    appointment: Any = ForeignKeyField(Appointment, backref="role_grants", index=False)
    role: Any = CharField(max_length=20)

    class Meta:
        table_name = "identity_role_grant"
        indexes = ((("appointment", "role"), True),)
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
    minutes late. ``form_key`` makes a double click one token.
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

    class Meta:
        table_name = "identity_api_token"
        indexes = ((("municipality", "appointment", "expires_at"), False),)
        constraints = [Check("expires_at > created_at", name="identity_api_token_lifetime")]


MODELS = (Session, ExternalIdentity, RoleGrant, DevelopmentCode, DevelopmentKey, ApiToken)
