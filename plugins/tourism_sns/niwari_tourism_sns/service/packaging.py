"""Exporting a released post: one archive with its texts, pictures, descriptions, date and checksums.

Nothing is published from here. Whoever has the archive posts it by hand, as the sheet of the account
says. The same post in the same version makes the same bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from peewee import JOIN

from niwari.api import Appointment, Context, Person, audit, open_attachment, transaction
from niwari_tourism_sns.errors import NotReleased, PhotoWithdrawn
from niwari_tourism_sns.kinds import LICENCES
from niwari_tourism_sns.models import Package, PackagePhoto, Post
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.post_reading import Told, get_post
from niwari_tourism_sns.service.sight import POST, held_own

_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Exported:
    """An archive: its name, its bytes, and their checksum."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """That an archive was made; ``is_flagged``: the consent to one of its photos was withdrawn."""

    version: int
    sha256: str
    made_at: datetime
    made_by: str
    is_flagged: bool


def export_post(ctx: Context, post_id: int) -> Exported:
    """Return the archive of what is released of a post of the own municipality, and note it.

    Raises ``NotFound``, ``NotOurs``, ``NotReleased`` and ``PhotoWithdrawn``.
    """
    with transaction(ctx):
        held_own(ctx, Post, post_id)
        post = get_post(ctx, post_id)
        if post.has_withdrawn:
            raise PhotoWithdrawn
        if not post.is_any_released:
            raise NotReleased
        content = _archive(_files(ctx, post))
        checksum = sha256(content).hexdigest()
        here = (Package.post == post.id) & (Package.sha256 == checksum)
        if not Package.select().where(here).exists():
            package = Package.create(
                post=post.id,
                version=post.version,
                sha256=checksum,
                made_by=ctx.acting.id,
                made_at=ctx.now,
            )
            for picture in post.pictures:
                PackagePhoto.create(package=package.id, photo=picture.photo_id)
            audit(ctx, "tourism_sns.export", POST, post.id, version=post.version)
    return Exported(f"niwari-post-{post.id}-v{post.version}.zip", content, checksum)


def packages_of(post_id: int) -> Sequence[Made]:
    """Return what was exported of a post that the caller has read, the newest first; one query."""
    query = (
        Package.select(
            Package.version, Package.sha256, Package.made_at, Person.name, Package.flagged_at
        )
        .join(Appointment, JOIN.LEFT_OUTER)
        .join(Person, JOIN.LEFT_OUTER)
        .where(Package.post == post_id)
        .order_by(Package.id.desc())
        .limit(20)
    )
    return [
        Made(version, checksum, at, name or "", flagged is not None)
        for version, checksum, at, name, flagged in query.tuples()
    ]


def _files(ctx: Context, post: Told) -> dict[str, bytes]:
    """Return the archive's files by name, without the checksums."""
    files: dict[str, bytes] = {}
    texts, pictures = [], []
    for number, one in enumerate((t for t in post.texts if t.released_at is not None), start=1):
        name = f"texts/{number:02}-{one.network}.txt"
        files[name] = one.text.encode() + b"\n"
        texts.append(
            {
                "network": NETWORKS[one.network].label.en,
                "account": one.handle,
                "file": name,
                "length": one.count,
                "limit": one.limit,
            }
        )
    for number, picture in enumerate(post.pictures, start=1):
        if picture.file is None:
            continue
        opened = open_attachment(ctx, picture.file.id)
        name = f"pictures/{number:02}.{_ENDINGS.get(opened.media_type, 'jpg')}"
        with opened.content as content:
            files[name] = content.read()
        pictures.append(
            {
                "file": name,
                "alt": picture.file.alt,
                "credit": picture.credit,
                "licence": LICENCES[picture.licence].ja,
            }
        )
    said = {
        "title": post.title,
        "version": post.version,
        "planned_on": post.planned_on.isoformat() if post.planned_on else None,
        "texts": texts,
        "pictures": pictures,
    }
    files["post.json"] = json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"
    files["alt.txt"] = "".join(
        f"{one['file']}\n{one['alt']}\n{one['credit']}\n\n" for one in pictures
    ).encode()
    return files


def _archive(files: dict[str, bytes]) -> bytes:
    sums = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    to = BytesIO()
    with ZipFile(to, "w", ZIP_DEFLATED) as archive:
        for name, data in [*sorted(files.items()), ("SHA256SUMS", sums.encode())]:
            entry = ZipInfo(name, _NO_TIME)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return to.getvalue()
