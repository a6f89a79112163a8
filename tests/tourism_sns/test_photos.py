"""Photos: licence and consent before anything, nothing of the phone, gone everywhere once withdrawn."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from niwari.api import DomainError, NewFile, Ref, attachments, keep_uploads
from niwari_tourism_sns.errors import (
    NoConsent,
    NoCredit,
    NoLicence,
    NoRecord,
    NotAPicture,
    NotOurs,
    PhotoWithdrawn,
)
from niwari_tourism_sns.models import DRAFT, Package, Photo, Post, Spot, Text
from niwari_tourism_sns.service import (
    listing,
    packaging,
    photos,
    post_listing,
    post_reading,
    posts,
    releasing,
    spots,
)
from niwari_tourism_sns.service.photos import Allowed
from niwari_tourism_sns.service.spots import Written

from .conftest import OURS, Make, jpeg

STAFF, HEAD, NEIGHBOUR = "staff@koriyama", "head@koriyama", "staff@sukagawa"


def add_with(ctx: Any, file: NewFile, allowed: Allowed) -> int:
    key = str(uuid4())
    uploads = keep_uploads(ctx, key, [file])
    written = Written("三春滝桜", "flowers", "滝", ctx.today)
    return spots.add_spot(ctx, written, form_key=key, uploads=uploads, allowed=allowed)


def photo(name: str = "桜.jpg", content: bytes = b"", alt: str = "満開のしだれ桜") -> NewFile:
    return NewFile(name, BytesIO(content or jpeg()), alt)


@pytest.mark.parametrize(
    ("allowed", "error", "field"),
    [
        (Allowed("", "nobody"), NoLicence, "licence"),
        (Allowed("copied", "nobody"), NoLicence, "licence"),
        (Allowed("cc_by", "nobody"), NoCredit, "credit"),
        (Allowed("permitted", "nobody", " "), NoCredit, "credit"),
        (Allowed("own", ""), NoConsent, "consent"),
        (Allowed("own", "agreed"), NoRecord, "consent_kept"),
    ],
)
def test_a_photo_without_licence_or_consent_is_not_taken(
    ctx_for: Any, allowed: Allowed, error: type[DomainError], field: str
) -> None:
    with pytest.raises(error) as refused:
        add_with(ctx_for(STAFF), photo(), allowed)
    assert refused.value.field == field
    assert (Spot.select().count(), Photo.select().count()) == (0, 0)


def test_a_file_that_is_no_picture_is_not_taken(ctx_for: Any) -> None:
    with pytest.raises(NotAPicture, match="メモ"):
        add_with(ctx_for(STAFF), NewFile("メモ.txt", BytesIO("桜".encode())), OURS)
    assert Spot.select().count() == 0


def test_a_photo_needs_a_description(ctx_for: Any) -> None:
    with pytest.raises(DomainError, match="説明"):
        add_with(ctx_for(STAFF), photo(alt=""), OURS)


def test_a_file_that_only_says_it_is_a_picture_is_not_taken(ctx_for: Any) -> None:
    with pytest.raises(DomainError, match=r"桜\.jpg"):
        add_with(ctx_for(STAFF), photo(content=b"GPS" * 99), OURS)


def test_a_picture_that_is_too_large_is_not_taken(ctx_for: Any) -> None:
    to = BytesIO()
    Image.new("1", (5000, 2600)).save(to, "PNG")
    with pytest.raises(DomainError, match="画素"):
        add_with(ctx_for(STAFF), photo("桜.png", to.getvalue()), OURS)


def test_where_a_photo_was_taken_is_gone_after_the_upload(
    ctx_for: Any, client_for: Any, add_spot: Make
) -> None:
    sent = jpeg(with_gps=True)
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    spot = add_spot(STAFF, photo=sent)
    (shown,) = listing.get_spot(ctx_for(STAFF), spot).photos
    for width in ("", "?width=320"):
        with client_for(NEIGHBOUR).get(f"/files/{shown.file.id}{width}") as answer:
            kept = answer.data
        assert not Image.open(BytesIO(kept)).getexif()
        assert b"NIWARI-PHONE" not in kept


def test_a_form_with_a_photo_that_is_sent_twice_adds_it_once(ctx_for: Any) -> None:
    ctx, key = ctx_for(STAFF), str(uuid4())
    written = Written("三春滝桜", "flowers", "滝", ctx.today)
    for _ in range(2):
        uploads = keep_uploads(ctx, key, [photo()])
        spots.add_spot(ctx, written, form_key=key, uploads=uploads, allowed=OURS)
    assert Photo.select().count() == 1


@pytest.fixture
def used(ctx_for: Any, add_spot: Make, released: Make) -> tuple[int, int, int]:
    """A spot with a photo, and a post of it that is released and exported; ids of spot, photo, post."""
    spot = add_spot(STAFF, photo=jpeg())
    post = released(spot=spot)
    packaging.export_post(ctx_for(HEAD), post)
    return spot, Photo.get().id, post


def test_a_withdrawn_consent_takes_the_photo_from_everywhere(
    ctx_for: Any, client_for: Any, told: Any, used: tuple[int, int, int]
) -> None:
    spot, photo_id, post = used
    file = Photo.get_by_id(photo_id).attachment_id
    with client_for(STAFF).get(f"/files/{file}") as answer:
        assert answer.status_code == 200
    for _ in range(2):
        assert photos.withdraw_consent(ctx_for("staff2@koriyama"), photo_id) == spot
    for login in (STAFF, HEAD, NEIGHBOUR):
        assert client_for(login).get(f"/files/{file}").status_code == 404
    ctx = ctx_for(STAFF)
    assert listing.get_spot(ctx, spot).photos == []
    assert attachments(ctx, [Ref("tourism_sns.spot", spot)])[Ref("tourism_sns.spot", spot)] == []
    for page in ("/tourism-sns/spots", f"/tourism-sns/spots/{spot}", f"/tourism-sns/posts/{post}"):
        assert f"/files/{file}" not in client_for(STAFF).get(page).get_data(as_text=True)
    said = [(one.login, one.code) for one in told() if one.code.endswith("withdrawn")]
    assert sorted(said) == [(HEAD, "tourism_sns.withdrawn"), (STAFF, "tourism_sns.withdrawn")]


def test_posts_and_exports_of_it_are_marked_and_nothing_is_released_any_more(
    ctx_for: Any, client_for: Any, used: tuple[int, int, int]
) -> None:
    _spot, photo_id, post = used
    photos.withdraw_consent(ctx_for(STAFF), photo_id)
    ctx = ctx_for(STAFF)
    assert Post.get_by_id(post).state == DRAFT
    assert [row.released_at for row in Text.select()] == [None]
    assert [row.flagged_at is not None for row in Package.select()] == [True]
    told = post_reading.get_post(ctx, post)
    assert told.has_withdrawn
    assert told.is_flagged
    assert [one.is_flagged for one in post_listing.find_posts(ctx)[0]] == [True]
    for act in (
        lambda: releasing.ask_release(ctx, post, version=1),
        lambda: packaging.export_post(ctx, post),
    ):
        with pytest.raises(PhotoWithdrawn):
            act()
    page = client_for(STAFF).get(f"/tourism-sns/posts/{post}/package").get_data(as_text=True)
    assert "写真の承諾が取り消された" in page
    # Without the photo it goes on, and what was exported stays marked.
    texts = {row.account_id: row.text for row in Text.select()}
    posts.save_post(ctx, post, posts.Saved("桜が見ごろです", None, texts, ()), base=1)
    releasing.ask_release(ctx, post, version=2)
    again = post_reading.get_post(ctx, post)
    assert not again.has_withdrawn
    assert again.is_flagged


def test_another_town_withdraws_nothing(ctx_for: Any, used: tuple[int, int, int]) -> None:
    _spot, photo_id, _post = used
    with pytest.raises(NotOurs):
        photos.withdraw_consent(ctx_for(NEIGHBOUR), photo_id)
    assert Photo.get_by_id(photo_id).withdrawn_at is None
