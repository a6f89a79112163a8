"""Who releases a post, what takes it back, and that no other way lets anything out."""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from niwari.api import DomainError, NotFound
from niwari_tourism_sns.errors import (
    ChangedSince,
    NeedsPicture,
    NotApprover,
    NotAsked,
    NotOurs,
    NotReleased,
    OverLimit,
    OwnPost,
)
from niwari_tourism_sns.models import DRAFT, RELEASED, Package, Post, Text
from niwari_tourism_sns.service import packaging, post_listing, post_reading, releasing

from .conftest import Make, jpeg

STAFF, COLLEAGUE, HEAD = "staff@koriyama", "staff2@koriyama", "head@koriyama"
NEIGHBOUR, BESIDE = "staff@sukagawa", "head@sukagawa"


@pytest.fixture
def asked(ctx_for: Any, begin_post: Make) -> int:
    """A post of a member of staff that waits for its release."""
    post = begin_post()
    releasing.ask_release(ctx_for(STAFF), post, version=1)
    return post


def text_of(post: int) -> int:
    return int(Text.get(Text.post == post).id)


def is_out(post: int) -> bool:
    return any(row.released_at is not None for row in Text.select().where(Text.post == post))


def test_the_head_of_the_accounts_section_releases_it_once(
    ctx_for: Any, told: Any, asked: int
) -> None:
    assert [(one.login, one.code) for one in told()] == [(HEAD, "tourism_sns.asked")]
    assert [one.id for one in post_listing.waiting_posts(ctx_for(HEAD), 3)] == [asked]
    for _ in range(2):
        assert releasing.release(ctx_for(HEAD), text_of(asked), version=1) == asked
    assert Post.get_by_id(asked).state == RELEASED
    assert [one.code for one in told()] == ["tourism_sns.asked", "tourism_sns.released"]
    assert post_reading.get_post(ctx_for(STAFF), asked).texts[0].released_by == "所属長一"
    assert post_listing.waiting_posts(ctx_for(HEAD), 3) == []


@pytest.mark.parametrize(
    ("login", "error"),
    [
        (STAFF, OwnPost),
        (COLLEAGUE, NotApprover),
        ("hr@koriyama", NotApprover),
        ("it@koriyama", NotApprover),
        (NEIGHBOUR, NotFound),
        (BESIDE, NotFound),
    ],
)
def test_nobody_else_releases_it(
    ctx_for: Any, asked: int, login: str, error: type[DomainError]
) -> None:
    for act in (
        lambda ctx: releasing.release(ctx, text_of(asked), version=1),
        lambda ctx: releasing.send_back(ctx, asked, "だめです。", version=1),
    ):
        with pytest.raises(error):
            act(ctx_for(login))
    assert not is_out(asked)


def test_a_head_who_wrote_it_needs_another_approver(ctx_for: Any, begin_post: Make) -> None:
    post = begin_post(login=HEAD)
    releasing.ask_release(ctx_for(HEAD), post, version=1)
    with pytest.raises(OwnPost):
        releasing.release(ctx_for(HEAD), text_of(post), version=1)
    assert not is_out(post)


def test_a_head_who_mended_a_word_needs_another_approver(
    ctx_for: Any, asked: int, save: Any
) -> None:
    save(asked, "見ごろです。", login=HEAD)
    releasing.ask_release(ctx_for(STAFF), asked, version=2)
    with pytest.raises(OwnPost):
        releasing.release(ctx_for(HEAD), text_of(asked), version=2)
    assert not is_out(asked)


def test_who_holds_the_permission_of_public_relations_releases_it(
    ctx_for: Any, begin_post: Make, asked: int
) -> None:
    ctx = ctx_for(COLLEAGUE)
    public = replace(ctx, permissions=ctx.permissions | {"tourism_sns.release"})
    releasing.release(public, text_of(asked), version=1)
    assert is_out(asked)
    own = begin_post(login=COLLEAGUE)
    releasing.ask_release(ctx, own, version=1)
    with pytest.raises(OwnPost):
        releasing.release(public, text_of(own), version=1)


def test_a_draft_that_nobody_asked_for_is_not_released(ctx_for: Any, begin_post: Make) -> None:
    post = begin_post()
    with pytest.raises(NotAsked):
        releasing.release(ctx_for(HEAD), text_of(post), version=1)


def test_what_was_saved_since_it_was_read_is_not_released(
    ctx_for: Any, asked: int, save: Any
) -> None:
    save(asked, "こっそり直しました。")
    releasing.ask_release(ctx_for(STAFF), asked, version=2)
    with pytest.raises(ChangedSince):
        releasing.release(ctx_for(HEAD), text_of(asked), version=1)
    assert not is_out(asked)


def test_a_save_after_the_release_takes_it_back(ctx_for: Any, released: Make, save: Any) -> None:
    post = released()
    save(post, "一文字だけ直しました。")
    assert (Post.get_by_id(post).state, is_out(post)) == (DRAFT, False)
    with pytest.raises(NotReleased):
        packaging.export_post(ctx_for(STAFF), post)


def test_saving_the_same_form_twice_is_one_version(ctx_for: Any, asked: int, save: Any) -> None:
    for _ in range(2):
        save(asked, "見ごろです。")
    assert Post.get_by_id(asked).version == 2


def test_a_returned_post_says_why(ctx_for: Any, told: Any, asked: int) -> None:
    for _ in range(2):
        releasing.send_back(ctx_for(HEAD), asked, "駐車場の台数を確かめてください。", version=1)
    post = post_reading.get_post(ctx_for(STAFF), asked)
    assert (post.state, post.returned) == (DRAFT, "駐車場の台数を確かめてください。")
    assert [one.code for one in told()].count("tourism_sns.returned") == 1


def test_each_account_has_its_own_approver(
    ctx_for: Any, begin_post: Make, add_account: Make
) -> None:
    accounts = (add_account(), add_account("mastodon", login="hr@koriyama"))
    post = begin_post(accounts=accounts)
    releasing.ask_release(ctx_for(STAFF), post, version=1)
    own, other = Text.select().order_by(Text.id)
    releasing.release(ctx_for(HEAD), own.id, version=1)
    assert Post.get_by_id(post).state != RELEASED
    with pytest.raises(NotApprover):
        releasing.release(ctx_for(HEAD), other.id, version=1)
    names = ZipFile(BytesIO(packaging.export_post(ctx_for(STAFF), post).content)).namelist()
    assert "texts/01-x.txt" in names
    assert not [name for name in names if "mastodon" in name]


def test_a_text_over_its_limit_is_not_saved(ctx_for: Any, begin_post: Make, save: Any) -> None:
    post = begin_post()
    with pytest.raises(OverLimit) as refused:
        save(post, "桜" * 141)
    assert refused.value.params["over"] == 2
    assert refused.value.field.startswith("text_")
    save(post, "桜" * 140)


def test_instagram_needs_a_picture(ctx_for: Any, begin_post: Make, add_account: Make) -> None:
    post = begin_post(accounts=(add_account("instagram"),))
    with pytest.raises(NeedsPicture):
        releasing.ask_release(ctx_for(STAFF), post, version=1)


def test_the_export_holds_what_was_released_and_its_checksums(
    ctx_for: Any, client_for: Any, add_spot: Make, released: Make
) -> None:
    spot = add_spot(STAFF, photo=jpeg(), name="猪苗代湖", best_days="夏の朝")
    post = released(spot=spot)
    client = client_for(STAFF)
    page = f"/tourism-sns/posts/{post}/package"
    given = [client.submit(page, {}) for _ in range(2)]
    assert given[0].mimetype == "application/zip"
    assert given[0].data == given[1].data
    assert Package.select().count() == 1
    with ZipFile(BytesIO(given[0].data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(files) == [
        "SHA256SUMS", "alt.txt", "pictures/01.jpg", "post.json", "texts/01-x.txt",
    ]  # fmt: skip
    assert files["texts/01-x.txt"].decode().startswith("【猪苗代湖】郡山市")
    assert "湖の向こうに山が見える" in files["alt.txt"].decode()
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert sha256(files[name]).hexdigest() == digest
    with pytest.raises(NotFound):
        packaging.export_post(ctx_for(NEIGHBOUR), post)


def _forms(world: Any, post: int, text: int) -> Iterator[str]:
    """Yield every address of the plugin that changes something, with the post's numbers in it."""
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if not rule.endpoint.startswith("tourism_sns.") or "POST" not in (rule.methods or ()):
            continue
        values = {name: text if name == "text_id" else post for name in rule.arguments}
        yield adapter.build(rule.endpoint, values)


@pytest.mark.parametrize("login", [STAFF, COLLEAGUE, "hr@koriyama", NEIGHBOUR, BESIDE])
def test_no_address_lets_a_post_out_but_an_approvers_release(
    world: Any, client_for: Any, begin_post: Make, login: str
) -> None:
    """Every form of the plugin, with all that a release could be told by, as everybody but the approver."""
    post = begin_post()
    text = text_of(post)
    releasing.ask_release(world.ctx_for(STAFF), post, version=1)
    client = client_for(login)
    addresses = list(_forms(world, post, text))
    assert f"/tourism-sns/texts/{text}/release" in addresses
    assert len(addresses) > 20
    for state in ("asked", "draft"):
        for address in addresses:
            Post.update(state=state).where(Post.id == post).execute()
            now = Post.get_by_id(post).version
            for version in (str(now), "0"):
                data = {
                    "version": version,
                    "base": version,
                    "title": "桜",
                    "reason": "よい",
                    "text": "桜",
                    "released_at": "2026-11-10",
                    "released_by": "1",
                    "state": "released",
                    f"text_{Text.get_by_id(text).account_id}": "桜",
                }
                answer = client.post(
                    address, data={**data, "csrf_token": client.token_at("/my/sessions")}
                )
                assert answer.status_code < 500, address
                assert answer.mimetype != "application/zip", address
                assert not is_out(post), (login, address)
                assert Post.get_by_id(post).state != RELEASED


def test_a_release_without_the_forms_token_is_refused(client_for: Any, asked: int) -> None:
    answer = client_for(HEAD).post(f"/tourism-sns/texts/{text_of(asked)}/release", data={})
    assert (answer.status_code, is_out(asked)) == (400, False)


def test_reading_alone_releases_nothing(world: Any, client_for: Any, asked: int) -> None:
    client = client_for(HEAD)
    page = client.get(f"/tourism-sns/posts/{asked}").get_data(as_text=True)
    assert re.search(r"公開を認める</button>", page)
    assert client.get(f"/tourism-sns/texts/{text_of(asked)}/release").status_code == 405
    assert not is_out(asked)


def test_another_town_changes_nothing_of_it(ctx_for: Any, released: Make) -> None:
    post = released()
    Post.update(audience="region").where(Post.id == post).execute()
    beside = ctx_for(BESIDE)
    for act in (
        lambda: releasing.take_back(beside, post),
        lambda: releasing.ask_release(beside, post, version=1),
        lambda: releasing.release(beside, text_of(post), version=1),
        lambda: packaging.export_post(beside, post),
    ):
        with pytest.raises(NotOurs):
            act()
    assert is_out(post)
