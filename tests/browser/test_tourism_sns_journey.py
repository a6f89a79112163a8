"""J-TOUR 1 to 4 over three towns: spots, a route, a draft that is read along, a release, the package."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.visitors import Visitors

NAME, ROUTE, POST = "高柴山のつつじ", "つつじをめぐる週末", "つつじの見ごろです"


def _photo() -> bytes:
    to = BytesIO()
    Image.radial_gradient("L").resize((640, 480)).convert("RGB").save(to, "JPEG")
    return to.getvalue()


def _add_spot(page: Page, name: str, *, with_photo: bool = False) -> None:
    page.goto("/tourism-sns/spots/new")
    page.get_by_label("見どころの名前").fill(name)
    page.get_by_label("種類").select_option("flowers")
    page.locator("#place").fill("山の上")
    page.get_by_label("見ごろ・よい日").fill("5月の晴れた日")
    if with_photo:
        page.get_by_label("ファイルを選ぶ").set_input_files(
            {"name": "つつじ.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
        )
        page.get_by_label("選んだ写真の説明").fill("斜面いっぱいの赤いつつじ")
        page.get_by_role("button", name="保存する", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("写真の利用条件を選んでください。")
        page.get_by_label("市町村が撮影・作成（自由に使える）").check()
        page.get_by_label("人は写っていない").check()
    page.get_by_role("button", name="保存する", exact=True).click()
    steps.says(page, "見どころを載せました。")


def test_three_towns_become_a_route_and_a_post_that_an_approver_lets_out(
    visitors: Visitors,
) -> None:
    staff, head = visitors.person("staff@koriyama"), visitors.person("head@koriyama")
    sukagawa, miharu = visitors.person("staff@sukagawa"), visitors.person("staff@miharu")
    _add_spot(staff, NAME, with_photo=True)
    spot = steps.path_of(staff)
    expect(staff.get_by_role("img", name="斜面いっぱいの赤いつつじ")).to_be_visible()
    _add_spot(sukagawa, "翠ヶ丘のつつじ")
    _add_spot(miharu, "城山のつつじ")

    staff.goto(spot)
    staff.get_by_role("link", name="ルートに入れる").click()
    staff.get_by_label("ルートの名前").fill(ROUTE)
    staff.get_by_role("button", name="保存する", exact=True).click()
    expect(staff.get_by_role("main")).to_contain_text("見どころを2か所から12か所まで")
    for name in ("翠ヶ丘のつつじ", "城山のつつじ"):
        choice = staff.get_by_role("listitem").filter(has_text=name)
        choice.get_by_role("button").first.click()
    expect(staff.get_by_label("ルートの名前")).to_have_value(ROUTE)
    staff.get_by_role("button", name="保存する", exact=True).click()
    steps.says(staff, "ルートを作りました。")
    expect(staff.get_by_role("main")).to_contain_text("郡山市 → 須賀川市 → 三春町")
    staff.goto("/tourism-sns/")
    expect(staff.get_by_role("link", name=ROUTE)).to_be_visible()

    head.goto("/tourism-sns/accounts/new")
    head.get_by_label("SNS").select_option("x")
    head.get_by_label("アカウント名").fill("@koriyama_tsutsuji")
    head.get_by_label("運用方針").fill("花の見ごろを知らせます。")
    head.get_by_role("button", name="保存する", exact=True).click()
    steps.says(head, "アカウントを登録しました。")

    staff.get_by_role("link", name=ROUTE).click()
    staff.get_by_role("link", name="投稿を作る").click()
    staff.get_by_label("投稿の題名").fill(POST)
    staff.get_by_role("button", name="下書きを作る").click()
    steps.says(staff, "下書きを作りました。")
    post = steps.path_of(staff)
    staff.get_by_role("link", name="ほかの市町村に読んでもらう").click()
    staff.get_by_label("三春町").check()
    staff.get_by_role("button", name="読んでもらう", exact=True).click()
    steps.says(staff, "下書きを読んでもらうよう頼みました。")
    miharu.goto("/tourism-sns/posts?tab=reading")
    miharu.get_by_role("link", name=POST).click()
    miharu.get_by_label("意見").fill("城山は朝がきれいです。")
    miharu.get_by_role("button", name="意見を書く").click()
    steps.says(miharu, "意見を書きました。")
    sukagawa.goto(post)
    expect(sukagawa.get_by_role("button", name="意見を書く")).to_have_count(0)

    staff.goto(post)
    expect(staff.get_by_role("main")).to_contain_text("城山は朝がきれいです。")
    staff.get_by_role("button", name="承認を頼む").click()
    steps.says(staff, "承認を頼みました。")
    expect(staff.get_by_role("button", name="公開を認める")).to_have_count(0)
    expect(staff.get_by_role("link", name="書き出す")).to_have_count(0)
    head.goto(post)
    head.get_by_role("button", name="公開を認める").first.click()
    steps.says(head, "公開を認めました。")
    staff.reload()
    staff.get_by_role("link", name="書き出す").click()
    with staff.expect_download() as download:
        staff.get_by_role("button", name="ファイルを受け取る").click()
    with ZipFile(Path(download.value.path())) as package:
        names = package.namelist()
        told = "".join(package.read(name).decode() for name in names if name.startswith("texts/"))
    assert ROUTE in told
    assert {"SHA256SUMS", "alt.txt", "post.json", "pictures/01.jpg"} <= set(names)

    staff.goto(spot)
    staff.locator("summary").filter(has_text="承諾が取り消された").click()
    staff.get_by_role("button", name="この写真を消す").click()
    steps.says(staff, "写真を消しました。")
    staff.goto(post)
    expect(staff.get_by_role("main")).to_contain_text("写真の承諾が取り消されました")
    expect(staff.get_by_role("link", name="書き出す")).to_have_count(0)
