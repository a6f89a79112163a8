"""Photos of spots: with their licence and consent, and gone everywhere once that is withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from niwari.api import (
    Attached,
    Context,
    NotFound,
    Ref,
    Uploads,
    attach,
    attachments,
    audit,
    checked_line,
    locked,
    notify,
    remove_attachment,
    transaction,
)
from niwari_tourism_sns.errors import NoConsent, NoCredit, NoLicence, NoRecord, NotAPicture
from niwari_tourism_sns.kinds import CONSENTS, LICENCES, NEEDS_CREDIT, NEEDS_RECORD
from niwari_tourism_sns.models import (
    DRAFT,
    Package,
    PackagePhoto,
    Photo,
    Post,
    PostPhoto,
    Spot,
    Text,
)
from niwari_tourism_sns.notices import WITHDRAWN
from niwari_tourism_sns.service.sight import POST, SPOT, held_own
from niwari_tourism_sns.texts import CREDIT_LIMIT, KEPT_LIMIT


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the photos of a form may be used for, and who agreed to them."""

    licence: str
    consent: str
    credit: str = ""
    consent_kept: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo with its file, its licence and its credit."""

    id: int
    spot_id: int
    file: Attached
    licence: str
    credit: str
    consent: str
    consent_kept: str


def keep_photos(ctx: Context, spot_id: int, uploads: Uploads, allowed: Allowed) -> None:
    """Keep the photos of a form with what they may be used for, in the transaction of their spot.

    Without any photo nothing else is looked at. Raises ``NotAPicture``, ``NoLicence``, ``NoCredit``,
    ``NoConsent``, ``NoRecord``, and what the core refuses of files.
    """
    if not uploads:
        return
    columns = _checked(allowed)
    ref = Ref(SPOT, spot_id)
    sent = [id_ for id_, _alt in uploads.files]
    attach(ctx, ref, uploads)
    for file in attachments(ctx, [ref])[ref]:
        if file.id in sent and not file.is_picture:
            raise NotAPicture(name=file.name)
    for id_ in sent:
        Photo.create(
            spot=spot_id,
            attachment_id=id_,
            added_by=ctx.acting.id,
            added_on=ctx.today,
            **columns,
        )
    audit(ctx, "tourism_sns.add_photos", SPOT, spot_id, photos=len(sent))


def withdraw_consent(ctx: Context, photo_id: int) -> int:
    """Take a photo back everywhere, as its consent was withdrawn; returns the spot's id.

    The file is removed at once, whatever shows it. Posts with it are drafts again, and they and the
    packages that hold it are marked; their authors are told. Again changes nothing. Raises
    ``NotFound`` and ``NotOurs``.
    """
    with transaction(ctx):
        photo = Photo.get_or_none(Photo.id == photo_id)
        if photo is None:
            raise NotFound
        spot = held_own(ctx, Spot, photo.spot_id)
        photo = locked(Photo.select().where(Photo.id == photo_id)).first()
        if photo.withdrawn_at is not None:
            return int(spot.id)
        remove_attachment(ctx, Ref(SPOT, spot.id), photo.attachment_id)
        Photo.update(
            withdrawn_at=ctx.now, withdrawn_by=ctx.acting.id, credit="", consent_kept=""
        ).where(Photo.id == photo.id).execute()
        posts = _posts_with(photo.id)
        Post.update(state=DRAFT, asked_at=None).where(Post.id.in_(posts)).execute()
        Text.update(released_at=None, released_by=None).where(Text.post.in_(posts)).execute()
        packages = PackagePhoto.select(PackagePhoto.package).where(PackagePhoto.photo == photo.id)
        Package.update(flagged_at=ctx.now).where(Package.id.in_(packages)).execute()
        audit(ctx, "tourism_sns.withdraw_consent", SPOT, spot.id, photo=photo.id)
        _tell(ctx, photo.id)
    return int(spot.id)


def _posts_with(photo_id: int) -> Any:
    return PostPhoto.select(PostPhoto.post).where(PostPhoto.photo == photo_id)


def _tell(ctx: Context, photo_id: int) -> None:
    """Tell the authors of the posts that show it, and of those that were exported with it."""
    exported = Package.select(Package.post).join(PackagePhoto).where(PackagePhoto.photo == photo_id)
    found = Post.select(Post.id, Post.author).where(
        Post.id.in_(_posts_with(photo_id)) | Post.id.in_(exported)
    )
    makers: dict[int, set[int]] = {post.id: {post.author_id} for post in found}
    for package in Package.select(Package.post, Package.made_by).where(
        Package.post.in_(list(makers))
    ):
        makers[package.post_id].add(package.made_by_id)
    for post_id, posts in sorted(makers.items()):
        told = [one for one in posts if one is not None]
        if told:
            notify(ctx, WITHDRAWN.code, told, Ref(POST, post_id))


def photos_of(ctx: Context, spot_ids: Iterable[int]) -> Mapping[int, list[Shown]]:
    """Return the photos of spots that the caller has read through ``visible``; two queries."""
    wanted = list(dict.fromkeys(spot_ids))
    found: dict[int, list[Shown]] = {id_: [] for id_ in wanted}
    if not wanted:
        return found
    rows = list(
        Photo.select()
        .where(Photo.spot.in_(wanted) & Photo.withdrawn_at.is_null())
        .order_by(Photo.id)
    )
    if not rows:
        return found
    refs = [Ref(SPOT, id_) for id_ in dict.fromkeys(row.spot_id for row in rows)]
    files = {file.id: file for some in attachments(ctx, refs).values() for file in some}
    for row in rows:
        if row.attachment_id in files:
            found[row.spot_id].append(
                Shown(
                    row.id,
                    row.spot_id,
                    files[row.attachment_id],
                    row.licence,
                    row.credit,
                    row.consent,
                    row.consent_kept,
                )
            )
    return found


def first_photos(ctx: Context, spot_ids: Iterable[int]) -> Mapping[int, Shown]:
    """Return the first photo of each spot that has one, as ``photos_of`` does; two queries."""
    return {id_: shown[0] for id_, shown in photos_of(ctx, spot_ids).items() if shown}


def _checked(allowed: Allowed) -> dict[str, Any]:
    if allowed.licence not in LICENCES:
        raise NoLicence
    credit = checked_line(allowed.credit, "credit", CREDIT_LIMIT)
    if allowed.licence in NEEDS_CREDIT and not credit:
        raise NoCredit
    if allowed.consent not in CONSENTS:
        raise NoConsent
    kept = checked_line(allowed.consent_kept, "consent_kept", KEPT_LIMIT)
    if allowed.consent in NEEDS_RECORD and not kept:
        raise NoRecord
    return {
        "licence": allowed.licence,
        "credit": credit,
        "consent": allowed.consent,
        "consent_kept": kept,
    }
