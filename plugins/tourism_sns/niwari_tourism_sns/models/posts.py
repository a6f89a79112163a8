"""Accounts, and posts with what became of them."""

from typing import Any

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from niwari.api import InstantField, Model, Municipality, Shared
from niwari_tourism_sns.models.places import Photo, Route, Spot
from niwari_tourism_sns.models.shared import audience_check, post_column
from niwari_tourism_sns.networks import NETWORKS

DRAFT, ASKED, RELEASED = "draft", "asked", "released"
STATES = (DRAFT, ASKED, RELEASED)
"""The states of a post: it is written, its approvers are asked, all of its texts are released."""


class Account(Shared):
    """An account of a network that a section keeps; ``policy`` is its sheet: for whom, how, by whom."""

    network: Any = CharField(max_length=20)
    handle: Any = CharField(max_length=80)
    policy: Any = TextField()
    author: Any = post_column()
    changed_at: Any = InstantField()
    ended_on: Any = DateField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "tourism_sns_account"
        indexes = (
            (("municipality", "id"), False),
            (("municipality", "network", "handle"), True),
        )
        constraints = [
            audience_check("tourism_sns_account"),
            Check(f"network IN {tuple(NETWORKS)}", name="tourism_sns_account_network"),
        ]


class Post(Shared):
    """A post in one or several accounts of its municipality, made of a spot or a route.

    ``version`` counts how often it was saved; a release is of one version. ``read_until`` is the last
    Tokyo day on which other towns say something of the draft.
    """

    title: Any = CharField(max_length=80)
    spot: Any = ForeignKeyField(Spot, null=True, backref="+", on_delete="SET NULL")
    route: Any = ForeignKeyField(Route, null=True, backref="+", on_delete="SET NULL")
    planned_on: Any = DateField(null=True)
    state: Any = CharField(max_length=10, default=DRAFT)
    version: Any = IntegerField(default=1)
    author: Any = post_column()
    changed_at: Any = InstantField()
    asked_at: Any = InstantField(null=True)
    returned: Any = CharField(max_length=400, default="")
    read_until: Any = DateField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "tourism_sns_post"
        indexes = (
            (("municipality", "id"), False),
            (("municipality", "state", "id"), False),
            (("region_id", "audience", "id"), False),
        )
        constraints = [
            audience_check("tourism_sns_post"),
            Check(f"state IN {STATES}", name="tourism_sns_post_state"),
        ]


class Text(Model):
    """What a post says in one account; ``released_at`` is empty until an approver released it."""

    post: Any = ForeignKeyField(Post, backref="+", on_delete="CASCADE", index=False)
    account: Any = ForeignKeyField(Account, backref="+", on_delete="CASCADE")
    text: Any = TextField()
    released_at: Any = InstantField(null=True)
    released_by: Any = post_column()

    class Meta:
        table_name = "tourism_sns_text"
        indexes = ((("post", "account"), True),)


class PostPhoto(Model):
    """A photo of a spot that a post shows."""

    post: Any = ForeignKeyField(Post, backref="+", on_delete="CASCADE", index=False)
    photo: Any = ForeignKeyField(Photo, backref="+", on_delete="CASCADE")

    class Meta:
        table_name = "tourism_sns_post_photo"
        indexes = ((("post", "photo"), True),)


class Version(Model):
    """A post as somebody saved it: ``content`` is the JSON of its texts. None is ever changed."""

    post: Any = ForeignKeyField(Post, backref="+", on_delete="CASCADE", index=False)
    number: Any = IntegerField()
    content: Any = TextField()
    author: Any = post_column()
    saved_at: Any = InstantField()

    class Meta:
        table_name = "tourism_sns_version"
        indexes = ((("post", "number"), True),)


class Reader(Model):
    """A town that was asked to read a draft along."""

    post: Any = ForeignKeyField(Post, backref="+", on_delete="CASCADE", index=False)
    municipality: Any = ForeignKeyField(Municipality, backref="+")

    class Meta:
        table_name = "tourism_sns_reader"
        indexes = ((("post", "municipality"), True),)


class Comment(Model):
    """What somebody of any town says of a draft."""

    post: Any = ForeignKeyField(Post, backref="+", on_delete="CASCADE", index=False)
    municipality: Any = ForeignKeyField(Municipality, backref="+")
    author: Any = post_column()
    text: Any = TextField()
    said_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "tourism_sns_comment"
        indexes = ((("post", "id"), False),)
        constraints = [Check("text <> ''", name="tourism_sns_comment_text")]


class Package(Model):
    """That a post was exported: of which version, with which checksum, and by whom.

    ``flagged_at`` is when the consent to one of its photos was withdrawn.
    """

    post: Any = ForeignKeyField(Post, backref="+", on_delete="CASCADE", index=False)
    version: Any = IntegerField()
    sha256: Any = CharField(max_length=64)
    made_by: Any = post_column()
    made_at: Any = InstantField()
    flagged_at: Any = InstantField(null=True)

    class Meta:
        table_name = "tourism_sns_package"
        indexes = ((("post", "sha256"), True),)


class PackagePhoto(Model):
    """A photo that lies in an exported package."""

    package: Any = ForeignKeyField(Package, backref="+", on_delete="CASCADE", index=False)
    photo: Any = ForeignKeyField(Photo, backref="+", on_delete="CASCADE")

    class Meta:
        table_name = "tourism_sns_package_photo"
        indexes = ((("package", "photo"), True),)
