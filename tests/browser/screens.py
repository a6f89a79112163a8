"""Every screen, filled: what the accessibility tests check and what the screenshots show.

``set_scene`` does through the pages what has to have happened in a fresh demo. It changes nothing
that ``staff2@koriyama``, the person of the pictures in the documentation, sees at home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors, sign_in

Scene = Mapping[str, str]
Act = Callable[[Page], None]

STAFF, STAFF2, STAFF3 = "staff@koriyama", "staff2@koriyama", "staff3@koriyama"
HEAD, IT, HR = "head@koriyama", "it@koriyama", "hr@koriyama"
TWO_POSTS = "staff5@koriyama"
AUDITOR = "director-seisaku@koriyama"
WRITER = "staff@tamura"
SUKAGAWA, MIHARU = "staff@sukagawa", "staff@miharu"


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: who sees it (empty: nobody is signed in), where, and what is pressed to see it.

    ``path`` may name a path of the scene in braces. ``status`` is that of the page at ``path``.
    ``speaks`` is false where there is no English.
    """

    name: str
    login: str
    path: str
    act: Act | None = None
    status: int = 200
    speaks: bool = True

    def open(self, page: Page, scene: Scene) -> None:
        """Go there; expects the page to answer with ``status``."""
        answer = page.goto(self.path.format_map(scene))
        assert answer is not None
        assert answer.status == self.status, (answer.url, answer.status)
        if self.login:
            assert urlsplit(answer.url).path != "/sign-in", f"{self.login} is not signed in"
        if self.act is not None:
            self.act(page)


def set_scene(visitors: Visitors) -> Scene:
    """Do what has to have happened; returns the paths of what was made, by name."""
    scene = {}
    with visitors.at_window(STAFF) as staff:
        purpose = "窓口の混雑を記録する表を作る"
        scene["today"] = by_request.ask_for_minutes(staff, "2026-11-10", 60, purpose)
        scene["withdrawn"] = by_request.ask_for_minutes(staff, "2026-11-26", 45, "学び・相談")
        staff.goto(scene["withdrawn"])
        steps.withdraw(staff)
    with visitors.at_window(HEAD) as head:
        by_request.agree(head, purpose)
        steps.open_waiting(head, "須賀川市の電子申請の担当者に話を聞く")
        scene["shortened"] = steps.path_of(head)
        note = "午後は窓口が込むので、2時間でお願いします。"
        steps.decide(head, "了承する", note, minutes=120)
        steps.says(head, "短くして了承しました。")
    with visitors.at_window("head@miharu") as head:
        steps.open_waiting(head, "学び・相談")
        scene["declined"] = steps.path_of(head)
        steps.decide(head, "今回は見送り", "17日は議会の準備があります。翌週なら大丈夫です。")
        steps.says(head, "今回は見送りにしました。")
    with visitors.at_window("staff@nihonmatsu") as asker:
        title = "年末調整の書類、集め方をどうしていますか"
        body = "紙で配って紙で集めています。記入漏れの確かめに、毎年とても時間がかかります。"
        scene["paused"] = by_request.ask_question(asker, "給与・庶務", title, body)
    with visitors.at_window(SUKAGAWA) as other:
        body = (
            "集める前に、書き方の見本を1枚だけ掲示板に載せました。それだけで記入漏れが減りました。"
        )
        by_request.answer_question(other, scene["paused"], body)
    with visitors.at_window("it@nihonmatsu") as it:
        steps.switch_off(it, "相談", "年度の切替えまで使いません。")
    with visitors.at_window("it@motomiya") as it:
        steps.pause(it, "相談", "議会が終わる11月27日（金）まで休止します。")
    with visitors.at_window("it@otama") as it:
        steps.switch_off(it, "相談")
        steps.withdraw_shared(it, "相談")
        steps.tick_permissions(
            it, "管理", 使う機能を設定する="人事担当", 自分の設定を変える="職員全員"
        )
    with visitors.at_window(TWO_POSTS) as staff:
        steps.make_token(staff, "/my/tokens/new", "休暇申請システムとの連携")
        steps.make_address(staff)
    with visitors.at_window("it@sukagawa") as it:
        steps.make_token(it, "/admin/tokens/new", "職員ポータル（庁内）")
    with visitors.at_window(HR) as hr:
        steps.keep_transfers(hr, _TRANSFERS)
    scene |= _set_reports(visitors)
    for device in _DEVICES:
        page = visitors.visitor(user_agent=device)
        with page.context:
            sign_in(page, TWO_POSTS)
    return scene


def _set_reports(visitors: Visitors) -> Scene:
    """Let an answer wait to be looked at, and one that only its town reads be held back."""
    scene = {}
    with visitors.at_window(STAFF) as reader:
        reader.goto("/consult/?topic=disaster")
        reader.get_by_role("main").get_by_role("link", name="防災行政無線が聞こえにくい").click()
        path, why = steps.path_of(reader), "地区の名前から、話した人が分かりそうです。"
        steps.report_post(reader, path, "道具を増やす前に", "個人情報が書かれている", why)
    with visitors.at_window("it@sukagawa") as it:
        scene["reported"] = steps.open_reported(it)
    with visitors.at_window(SUKAGAWA) as reader:
        reader.goto("/consult/?topic=personnel")
        reader.get_by_role("main").get_by_role("link", name="異動してきた職員に").click()
        steps.report_post(reader, steps.path_of(reader), "最初の一週間", "事実と違う")
    with visitors.at_window("it@sukagawa") as it:
        scene["held"] = steps.open_reported(it)
        steps.decide_post(it, "表示を止める", "共有フォルダーの場所が、いまと違います。")
        steps.says(it, "表示を止めました。")
    with visitors.at_window("head@sukagawa") as author:
        scene["own_post"] = steps.own_post(author)
    return scene


def set_trouble(visitors: Visitors) -> Scene:
    """Let ``broken_plugin`` fail and be switched, so that the pages about it have something to say.

    One of its pages goes dark in Koriyama. In Tamura it is off together with what it requires, in
    Sukagawa it is paused.
    """
    with visitors.at_window(IT) as it:
        # What features cost is written once a minute: on the next day it is due.
        by_request.move_clock(it, "2026-11-11")
    for login in (STAFF, STAFF2, STAFF3, STAFF, STAFF2):
        with visitors.at_window(login) as staff:
            staff.goto(_CIRCULAR)
    with visitors.at_window("it@tamura") as it:
        steps.switch_off(it, "故障の見本")
        steps.switch_off(it, "相談")
    with visitors.at_window("it@sukagawa") as it:
        steps.pause(it, "故障の見本")
    return {}


def set_openings(visitors: Visitors) -> Scene:
    """Let one authorship be opened and one be asked for; the plugin with a hidden author is there."""
    scene, why = {}, "当番の決め方を、書いた人と一緒に見直します。"
    with visitors.at_window("secretariat") as secretariat:
        for who in ("所属長一", "所属長二"):
            steps.name_official(secretariat, who)
        steps.switch_digest_on(secretariat)
    with visitors.at_window(HEAD) as head:
        scene["opened"] = steps.ask_opening(head, why)
        scene["waiting"] = steps.ask_opening(head, f"もう一度、{why}")
    with visitors.at_window("head@sukagawa") as second:
        second.goto(scene["opened"])
        second.get_by_role("button", name="開示を承認する").click()
        steps.says(second, "開示を承認しました。")
    with visitors.at_window(SUKAGAWA) as reader:
        reader.goto("/consult/?topic=documents")
        reader.get_by_role("main").get_by_role("link", name="いまさら聞けない").first.click()
        steps.report_post(reader, steps.path_of(reader), "毎回まわりの文書", "事実と違う")
        reader.goto("/moderation/report/whisper.whisper/1")
        reader.get_by_role("radio", name="事実と違う").check()
        reader.get_by_role("button", name="報告する", exact=True).click()
        steps.says(reader, "報告を受け付けました。")
    with visitors.at_window("secretariat") as secretariat:
        scene["paused"] = steps.open_reported(secretariat, "/moderation/region")
        _tick_pause(secretariat)
        steps.decide_post(secretariat, "表示を止める", "だれのことか分かる書き方です。")
        steps.says(secretariat, "表示を止めました。")
        scene["reported"] = steps.open_reported(secretariat, "/moderation/region")
    with visitors.at_window(MIHARU) as author:
        scene["own_paused"] = steps.own_post(author)
    return scene


def _all(*acts: Act) -> Act:
    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def _open(*names: str) -> Act:
    """Follow links of the page itself, one after the other."""

    def act(page: Page) -> None:
        for name in names:
            page.get_by_role("main").get_by_role("link", name=name).first.click()

    return act


def _unfold(*names: str) -> Act:
    """Open what opens on demand, by its words; without any, all of the page itself."""

    def act(page: Page) -> None:
        summaries = page.locator("summary")
        for name in names:
            summaries.filter(has_text=name).first.click()
        if not names:
            for summary in steps.every(page.get_by_role("main").locator("summary")):
                summary.click()

    return act


def _send(button: str, **texts: str) -> Act:
    """Fill in fields by their labels and send what the server has to refuse."""

    def act(page: Page) -> None:
        for label, text in texts.items():
            page.get_by_label(label).and_(page.locator("input, textarea")).fill(text)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("[aria-invalid=true]").first).to_be_visible()

    return act


def _tick_pause(page: Page) -> None:
    """Tick what goes with holding back alone."""
    page.get_by_label("書いた人が名前を出さずに書くことを").check()


_ARTICLE = (
    "# いまの集め方\n紙で配り、**窓口で**集めています。\n\n|町|枚数|\n|-|-|\n|田村市|120|\n\n"
    "- 記入漏れが多い\n- 集計に時間がかかる\n\n手引きは https://www.example.jp/tebiki/2026 です。"
)


def _write(button: str) -> Act:
    """Write a question freely, and press a button."""

    def act(page: Page) -> None:
        page.get_by_label("聞きたいことを一行で").fill("年末調整の書類、どう集めていますか")
        page.get_by_role("radio", name="自由に書く").check()
        page.get_by_label("相談の内容").fill(_ARTICLE)
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_load_state()

    return act


def _find_people(page: Page) -> None:
    """Look for somebody to name."""
    page.get_by_text("箇条書きや太字の書き方").click()
    page.get_by_text("職員の名前を入れる").click()
    page.get_by_label("氏名、よみがな、所属のどれか").fill("所属長")
    page.get_by_role("button", name="探す", exact=True).click()
    expect(page.locator(".writing-people")).to_be_visible()


def _leave_a_draft(page: Page) -> None:
    _write("下書きを保存する")(page)
    expect(page.get_by_text("下書きを保存しました。14日間")).to_be_visible()
    page.goto("/consult/ask")
    expect(page.get_by_text("下書きがあります")).to_be_visible()


def _send_with_another_token(page: Page) -> None:
    """Send a question with the token of a session that has ended."""
    page.locator("form:has(.writing-tools) [name=csrf_token]").evaluate("it => it.value = 'old'")
    _write("相談を投稿する")(page)
    expect(page.get_by_role("button", name="もう一度送る")).to_be_visible()


def _send_file(code: str, employment: str) -> Act:
    """Send a list of one new and one transferred person, in two lines with the given cells."""
    lines = [
        "municipality,login,name,kana,email,section,head,employment,start,end",
        f"{code},newcomer@koriyama,新人 一,シンジン イチ,,総務部/市史編さん室,,{employment},2026-12-01,",
        f"{code},staff4@koriyama,職員四,ショクインヨン,,総務部/市史編さん室,,{employment},2026-12-01,",
    ]

    def act(page: Page) -> None:
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
        page.locator("input[type=file]").set_input_files(files=[file])
        page.get_by_role("button", name="内容を確かめる", exact=True).click()
        expect(page.get_by_role("button", name="やめる", exact=True)).to_be_visible()

    return act


def _send_transfers(page: Page) -> None:
    """Send a file of transfers, to see its preview."""
    steps.send_transfers(page, _TRANSFERS, "april-more.csv")


def _switch_off(page: Page) -> None:
    """Switch planning ahead off, which the server has to refuse while a file is kept."""
    page.get_by_label("「異動の予定」を使う").uncheck()
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def _look_for(text: str) -> Act:
    """Look for a duty that there is not."""

    def act(page: Page) -> None:
        page.get_by_label("業務を探す").fill(text)
        page.get_by_role("button", name="探す", exact=True).click()
        expect(page.get_by_text("当てはまる業務はありません")).to_be_visible()

    return act


def _refused(button: str) -> Act:
    """Press a button where the server has to refuse, and expect it to say so."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".error-summary")).to_be_visible()

    return act


def _choose(name: str) -> Act:
    return lambda page: page.get_by_role("radio", name=name).check()


def _cancel(page: Page) -> None:
    page.get_by_role("button", name="やめる").click()
    expect(page.get_by_role("heading", name="サインインをやめました")).to_be_visible()


def _send_nothing(page: Page) -> None:
    """Send the form as it came, which the server has to refuse."""
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def _show_author(page: Page) -> None:
    """Look at the author of what was opened."""
    page.get_by_role("button", name="書き手を表示する").click()
    expect(page.get_by_role("heading", name="開示された書き手")).to_be_visible()


def _token(page: Page) -> None:
    """Make a token, to see the page that shows it once."""
    steps.make_token(page, page.url, "会議室の予約表")


def _address(page: Page) -> None:
    """Make an address for a calendar, to see the page that shows it once."""
    steps.make_address(page)


def _dark_page(page: Page) -> None:
    """Open the page that is in quarantine; where it was just due to be tried, once more."""
    for _attempt in range(2):
        answer = page.goto(_CIRCULAR)
        if answer is not None and answer.status == 503:
            return
    raise AssertionError(f"{_CIRCULAR} is not dark")


_DEVICES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
)
_TRANSFERS = (
    "municipality,login,name,kana,email,section,head,employment,start,end\n"
    "072036,newcomer@koriyama,新人 一,シンジン イチ,,総務部/市史編さん室,,full_time,2027-04-01,\n"
    "072036,staff4@koriyama,職員四,ショクインヨン,,総務部/市史編さん室,,full_time,2027-04-01,\n"
).encode()
_CIRCULAR = "/broken/circulars/1"
_wrong_settings = {"読む期限": "99", "回覧の先頭に置く一文": ""}
_my_menu = _unfold("職員")
_handbook = "後任のための手順書を書く"
_meeting = "給与計算の手順の共有会"
_again = "直して、もう一度申し込む"
_nobody = {"アカウント": "nobody@koriyama"}
_elsewhere = {"職場のメールアドレス": "taro@elsewhere.example.jp"}
_no_end = {"日にち": "2026-11-18", "始まり": "15:00"}

SCREENS: tuple[Screen, ...] = (
    Screen("sign-in", "", "/sign-in"),
    Screen("sign-in-failed", "", "/sign-in", _all(_open("サインインする"), _cancel)),
    Screen("provider", "", "/sign-in", _open("サインインする"), speaks=False),
    Screen(
        "provider-unknown",
        "",
        "/sign-in",
        _all(_open("サインインする"), _send("サインイン", **_nobody)),
        speaks=False,
    ),
    Screen("find-provider", "", "/sign-in?choose=1"),
    Screen("find-provider-unknown", "", "/sign-in?choose=1", _send("次へ", **_elsewhere)),
    Screen("providers", "secretariat", "/providers"),
    Screen("providers-empty", IT, "/providers"),
    Screen("provider-new", "secretariat", "/providers/new"),
    Screen("provider-new-errors", "secretariat", "/providers/new", _send("登録する")),
    Screen("provider-edit", "secretariat", "/providers/1"),
    Screen("signed-out", "", "/signed-out"),
    Screen("home-staff", STAFF2, "/"),
    Screen("home-fresh", "staff@tamura", "/"),
    Screen("home-head", HEAD, "/"),
    Screen("home-it", IT, "/"),
    Screen("home-my-menu", STAFF2, "/", _my_menu),
    Screen("home-two-posts-menu", TWO_POSTS, "/", _my_menu),
    Screen("my-sessions", TWO_POSTS, "/my/sessions"),
    Screen("my-sessions-one", "staff@tamura", "/my/sessions"),
    Screen("confirm", STAFF2, "/my/confirm?next=/ledger/"),
    Screen("confirm-sent", AUDITOR, "/my/confirm?next=/admin/audit&sent=1"),
    Screen("my-tokens", TWO_POSTS, "/my/tokens"),
    Screen("my-tokens-revoking", TWO_POSTS, "/my/tokens", _unfold()),
    Screen("my-tokens-empty", "staff@tamura", "/my/tokens"),
    Screen("token-new", STAFF, "/my/tokens/new"),
    Screen("token-new-errors", STAFF, "/my/tokens/new", _send_nothing),
    Screen("token-made", "staff@miharu", "/my/tokens/new", _token),
    Screen("system-tokens", "it@sukagawa", "/admin/tokens"),
    Screen("system-token-new", "it@sukagawa", "/admin/tokens/new"),
    Screen("my-data", STAFF2, "/stewardship/mine"),
    Screen("people-data", HR, "/stewardship/people"),
    Screen("people-data-unknown", HR, "/stewardship/people?login=nobody", status=422),
    Screen("person-data", HR, "/stewardship/people?login=staff5@koriyama"),
    Screen("retention", HR, "/stewardship/retention"),
    Screen("retention-rule", HR, "/stewardship/retention/consult/questions"),
    Screen(
        "retention-rule-errors",
        HR,
        "/stewardship/retention/consult/questions",
        _send("保存期間を決める", 保存期間="99"),
    ),
    Screen("disposals-empty", HR, "/stewardship/disposals"),
    Screen("acting", TWO_POSTS, "/my/acting"),
    Screen("acting-one", "staff@tamura", "/my/acting"),
    Screen("calendar-month", STAFF2, "/calendar/"),
    Screen("calendar-month-empty", "staff@tamura", "/calendar/?month=2027-05&of=consult"),
    Screen("calendar-week", STAFF2, "/calendar/week?day=2026-11-18"),
    Screen("calendar-week-empty", "staff@tamura", "/calendar/week?day=2027-05-05"),
    Screen("calendar-subscription", TWO_POSTS, "/calendar/subscription"),
    Screen("calendar-subscription-empty", "staff@tamura", "/calendar/subscription"),
    Screen("calendar-subscription-new", STAFF, "/calendar/subscription/new"),
    Screen("calendar-subscription-again", TWO_POSTS, "/calendar/subscription/new"),
    Screen("calendar-subscription-made", "staff@miharu", "/calendar/subscription/new", _address),
    Screen("catalogue-empty", STAFF, "/catalogue/"),
    Screen("catalogue-filter-errors", STAFF, "/catalogue/?minutes=0", status=422),
    Screen("ledger-filled", STAFF2, "/ledger/"),
    Screen("ledger-days", STAFF2, "/ledger/", _unfold("1日ごとの内訳を見る")),
    Screen("ledger-past", STAFF, "/ledger/?month=2026-10"),
    Screen("ledger-empty", "staff@tamura", "/ledger/"),
    Screen("ask", STAFF, "/ledger/requests/new"),
    Screen("ask-interval", STAFF, "/ledger/requests/new", _choose("時刻を決める")),
    Screen(
        "ask-errors",
        STAFF,
        "/ledger/requests/new",
        _all(_choose("時刻を決める"), _send("申し込む", **_no_end)),
    ),
    Screen("request-requested", STAFF2, "/ledger/", _open(_handbook)),
    Screen(
        "request-withdrawing", STAFF2, "/ledger/", _all(_open(_handbook), _unfold("取り下げる"))
    ),
    Screen("request-agreed", STAFF2, "/ledger/", _open("相談の日の当番")),
    Screen("request-today", STAFF, "{today}"),
    Screen("request-shortened", STAFF3, "{shortened}", _unfold("取り下げる")),
    Screen("request-recorded", STAFF2, "/ledger/", _open("ごみ分別の外国語版チラシの点検")),
    Screen("request-returned", SUKAGAWA, "/ledger/", _open(_meeting)),
    Screen("request-again", SUKAGAWA, "/ledger/", _open(_meeting, _again)),
    Screen("request-declined", MIHARU, "{declined}"),
    Screen("request-withdrawn", STAFF, "{withdrawn}"),
    Screen("request-deciding", HEAD, "/ledger/approvals", _open("学び・相談")),
    Screen(
        "request-deciding-errors",
        HEAD,
        "/ledger/approvals",
        _all(_open("学び・相談"), _send("今回は見送り")),
    ),
    Screen("approvals-filled", HEAD, "/ledger/approvals"),
    Screen("approvals-empty", "head@tamura", "/ledger/approvals"),
    Screen("approvals-ticked", HEAD, "/ledger/approvals?tick=all"),
    Screen("approvals-none-chosen", HEAD, "/ledger/approvals", _send("選んだものを了承する")),
    Screen("away-month", HEAD, "/ledger/heads/month"),
    Screen("away-month-empty", "head@tamura", "/ledger/heads/month?month=2027-03"),
    Screen("slip", HEAD, "/ledger/heads/slip?week=2026-11-18"),
    Screen("slip-empty", "head@tamura", "/ledger/heads/slip"),
    Screen("avoid-empty", "head@tamura", "/ledger/heads/avoid"),
    Screen("avoid-errors", HEAD, "/ledger/heads/avoid", _send("決める")),
    Screen("organisation", STAFF, "/directory/sections"),
    Screen("organisation-empty", STAFF, "/directory/sections?on=1800-01-01"),
    Screen("arrange", HEAD, "/directory/sections", _open("市民課")),
    Screen(
        "arrange-errors",
        HEAD,
        "/directory/sections",
        _all(_open("市民課"), _send("代決者を決める", 代決者のアカウント="nobody@koriyama")),
    ),
    Screen("consult", STAFF2, "/consult/"),
    Screen("consult-waiting", STAFF2, "/consult/waiting"),
    Screen("consult-mine", STAFF2, "/consult/mine"),
    Screen("consult-mine-empty", "staff@tamura", "/consult/mine"),
    Screen("consult-topic-empty", STAFF2, "/consult/waiting?topic=farming"),
    Screen("consult-ask", STAFF2, "/consult/ask"),
    Screen("consult-ask-freely", STAFF2, "/consult/ask", _choose("自由に書く")),
    Screen("consult-ask-errors", STAFF2, "/consult/ask", _send("相談を投稿する")),
    Screen("consult-ask-preview", WRITER, "/consult/ask", _write("見え方を確かめる")),
    Screen("consult-ask-people", WRITER, "/consult/ask", _find_people),
    Screen("consult-ask-draft", WRITER, "/consult/ask", _leave_a_draft),
    # Its labels are those of the page that sent it, in the language of that page.
    Screen(
        "consult-ask-not-arrived", WRITER, "/consult/ask", _send_with_another_token, speaks=False
    ),
    Screen("thread-open", STAFF3, "/consult/", _open("会議の議事録")),
    Screen("thread-own", MIHARU, "/consult/mine", _all(_open("ふるさと納税"), _unfold())),
    Screen("thread-solved", STAFF2, "/consult/", _open("証明書の渡し間違いを防ぐ")),
    Screen("thread-hidden", STAFF2, "/consult/", _open("いまさら聞けない、起案")),
    Screen("consult-ask-hidden", STAFF2, "/consult/ask", _unfold()),
    Screen("thread-paused", STAFF2, "{paused}"),
    Screen("features", IT, "/admin/features", _unfold("扱う個人情報と保存期間")),
    Screen("features-off", "it@nihonmatsu", "/admin/features"),
    Screen("features-withdrawing", "it@nihonmatsu", "/admin/features", _unfold("隠す")),
    Screen("features-withdrawn", "it@otama", "/admin/features"),
    Screen("features-paused", "it@motomiya", "/admin/features"),
    Screen("feature-off-confirm", IT, "/admin/features", _open("使わない設定にする")),
    Screen("feature-pause-confirm", IT, "/admin/features", _open("休止する")),
    Screen(
        "feature-on-preview",
        "it@nihonmatsu",
        "/admin/features",
        _all(_open("使えるようにする"), _unfold()),
    ),
    Screen("feature-go-on", "it@motomiya", "/admin/features", _open("再開する")),
    Screen("health-empty", "it@nihonmatsu", "/admin/health"),
    Screen("webhook-none", IT, "/notices/webhook"),
    Screen("webhook-errors", IT, "/notices/webhook", _send("保存する")),
    Screen("jobs", IT, "/admin/jobs"),
    Screen("job-sending", IT, "/admin/jobs/sending"),
    Screen("job-runs", IT, "/admin/jobs/runs"),
    Screen("job-runs-core", IT, "/admin/jobs/runs?whose=core&state=done"),
    Screen("matrix", "secretariat", "/admin/matrix"),
    Screen("digest-settings", "secretariat", "/digest/settings"),
    Screen("digest-settings-month", "secretariat", "/digest/settings?every=month"),
    Screen("digest-town", IT, "/digest/town"),
    Screen("permissions", IT, "/admin/permissions"),
    Screen("permissions-off", "it@nihonmatsu", "/admin/permissions", _unfold()),
    Screen("permissions-changed", "it@otama", "/admin/permissions"),
    Screen("permissions-change", IT, "/admin/permissions/consult"),
    Screen("permissions-change-fixed", IT, "/admin/permissions/admin"),
    Screen("roles", IT, "/admin/roles", _unfold()),
    Screen("roles-empty", "it@tamura", "/admin/roles?role=hr"),
    Screen("roles-heads", "hr@koriyama", "/admin/roles?role=head"),
    Screen(
        "roles-grant-errors", IT, "/admin/roles", _send("役割を付ける", 終わりの日="2020-04-01")
    ),
    Screen("roles-look-up-errors", IT, "/admin/roles?login=nobody@koriyama", status=422),
    Screen("region-roles", "secretariat", "/admin/region/roles", _unfold()),
    Screen("region-roles-found", "secretariat", "/admin/region/roles?text=職員"),
    Screen("region-roles-none", "secretariat", "/admin/region/roles?text=該当なし"),
    Screen(
        "region-roles-last",
        "secretariat",
        "/admin/region/roles",
        _all(_unfold("役割を外す"), _refused("外す")),
    ),
    Screen(
        "region-role-grant",
        "secretariat",
        "/admin/region/roles?text=職員三",
        _open("役割を付ける"),
    ),
    Screen(
        "region-role-grant-errors",
        "secretariat",
        "/admin/region/roles?text=職員三",
        _all(_open("役割を付ける"), _send("役割を付ける", 終わりの日="2020-04-01")),
    ),
    Screen("report", STAFF2, "/moderation/report/consult.question/1"),
    Screen("report-errors", STAFF2, "/moderation/report/consult.question/1", _send("報告する")),
    Screen("reported", "it@sukagawa", "/moderation/queue"),
    Screen("reported-held", "it@sukagawa", "/moderation/queue?show=held"),
    Screen("reported-none", IT, "/moderation/queue"),
    Screen("reported-held-none", IT, "/moderation/queue?show=held"),
    Screen("reported-region-none", "secretariat", "/moderation/region"),
    Screen("case", "it@sukagawa", "{reported}"),
    Screen("case-errors", "it@sukagawa", "{reported}", _send("表示を止める")),
    Screen("case-held", "it@sukagawa", "{held}"),
    Screen("my-posts", "head@sukagawa", "/moderation/mine"),
    Screen("my-posts-none", STAFF2, "/moderation/mine"),
    Screen("my-post", "head@sukagawa", "{own_post}"),
    Screen("my-post-errors", "head@sukagawa", "{own_post}", _send("再確認を依頼する")),
    Screen("my-reports", STAFF, "/moderation/mine/reports"),
    Screen("my-reports-none", STAFF2, "/moderation/mine/reports"),
    Screen("officials-none", "secretariat", "/vault/officials"),
    Screen("officials-found", "secretariat", "/vault/officials?text=職員"),
    Screen("official-name", "secretariat", "/vault/officials?text=職員三", _open("開示担当にする")),
    Screen(
        "official-name-errors",
        "secretariat",
        "/vault/officials?text=職員三",
        _all(_open("開示担当にする"), _send("開示担当にする")),
    ),
    Screen("openings-mine-none", STAFF, "/vault/mine"),
    Screen("notices", SUKAGAWA, "/notices/"),
    Screen("notices-none", "staff@tamura", "/notices/unread"),
    Screen("notices-hidden-none", STAFF, "/notices/hidden"),
    Screen("notices-settings", STAFF, "/notices/settings"),
    Screen("notices-admin", IT, "/notices/admin"),
    Screen("person-permissions", IT, "/admin/roles?role=head", _open("所属長一")),
    Screen("person-permissions-changed", "it@otama", "/admin/roles?login=staff@otama"),
    Screen("my-permissions", HEAD, "/my/permissions"),
    Screen("audit", AUDITOR, "/admin/audit"),
    Screen("audit-filter", AUDITOR, "/admin/audit", _unfold("条件で絞り込む")),
    Screen("audit-empty", AUDITOR, "/admin/audit?first=2020-04-01&last=2020-04-01"),
    Screen("audit-errors", AUDITOR, "/admin/audit?actor=nobody@koriyama", status=422),
    Screen("people", STAFF2, "/directory/people"),
    Screen("people-found", STAFF2, "/directory/people?text=職員"),
    Screen("people-none", STAFF2, "/directory/people?text=該当なし"),
    Screen("people-errors", STAFF2, f"/directory/people?text={'あ' * 101}", status=422),
    Screen("import", HR, "/admin/import"),
    Screen("import-columns", HR, "/admin/import", _unfold()),
    Screen("import-errors", HR, "/admin/import", _send("内容を確かめる")),
    Screen("import-preview", HR, "/admin/import", _send_file("072036", "full_time")),
    Screen("import-refused", HR, "/admin/import", _send_file("072079", "often")),
    Screen("transfers", HR, "/admin/transfers"),
    Screen("transfers-errors", HR, "/admin/transfers", _send("内容を確かめる")),
    Screen("transfers-check", HR, "/admin/transfers", _send_transfers),
    Screen(
        "transfers-check-errors",
        HR,
        "/admin/transfers",
        _all(_send_transfers, _send("内示の日時まで預ける")),
    ),
    Screen("transfers-sealed", HR, "/admin/transfers", _open("april.csv")),
    Screen("transfer-settings", HR, "/admin/transfers/settings"),
    Screen("transfer-settings-errors", HR, "/admin/transfers/settings", _switch_off),
    Screen("duties", STAFF2, "/directory/duties"),
    Screen("duty", STAFF2, "/directory/duties/payroll"),
    Screen("duty-empty", STAFF2, "/directory/duties/sports"),
    Screen("systems", STAFF2, "/directory/systems"),
    Screen("my-duties", STAFF2, "/directory/my-duties"),
    Screen("my-duties-off", "staff@nihonmatsu", "/directory/my-duties"),
    Screen("my-duties-none", STAFF2, "/directory/my-duties", _look_for("zzz")),
    Screen(
        "my-duties-errors",
        STAFF2,
        "/directory/my-duties",
        _send("探す", 業務を探す="税\u200b"),
    ),
    Screen("duty-settings", IT, "/directory/duty-settings"),
    Screen(
        "duty-settings-errors",
        IT,
        "/directory/duty-settings",
        _send("保存する", 使っている業務システム="x" * 61),
    ),
    Screen("search", STAFF, "/search"),
    Screen("search-found", "staff@tamura", "/search?q=窓口", speaks=False),
    Screen("search-paused", STAFF, "/search?q=年末調整&period=year", speaks=False),
    Screen("search-nothing", STAFF, "/search?q=見つからない言葉&feature=consult"),
    Screen("search-errors", STAFF, "/search?q=、。", status=422),
    Screen("demo-clock", STAFF, "/demo/clock"),
    Screen("demo-clock-errors", STAFF, "/demo/clock", _send("この日に進める", 日にち="2026-11-01")),
    Screen("forbidden", STAFF, "/admin/features", status=403),
    Screen("not-found", STAFF, "/nowhere", status=404),
    Screen("not-found-question", STAFF, "/consult/999999", status=404),
    Screen("not-found-feature-off", "staff@nihonmatsu", "/consult/", status=404),
    Screen("not-found-feature-paused", "staff@motomiya", "/consult/", status=404),
)

BROKEN_SCREENS: tuple[Screen, ...] = (
    Screen("broken-home", STAFF2, "/"),
    Screen("broken-home-it", IT, "/"),
    Screen("broken-my-menu", STAFF2, "/", _my_menu),
    Screen("broken-page", MIHARU, "/broken/", status=500),
    Screen("broken-page-dark", STAFF2, "/", _dark_page),
    Screen("broken-page-paused", SUKAGAWA, "/broken/", status=404),
    Screen("broken-features", IT, "/admin/features"),
    Screen("broken-preview-stopped", IT, "/admin/features/outdated/on"),
    Screen("broken-preview", "it@tamura", "/admin/features", _open("故障の見本を使えるようにする")),
    Screen(
        "broken-preview-refused",
        "it@tamura",
        "/admin/features",
        _all(_open("故障の見本を使えるようにする"), _refused("使えるようにする")),
    ),
    Screen(
        "broken-off-refused",
        IT,
        "/admin/features",
        _all(_open("相談を使わない設定にする"), _refused("使わない設定にする")),
    ),
    Screen("broken-settings", IT, "/admin/features", _open("故障の見本を設定する")),
    Screen(
        "broken-settings-errors",
        IT,
        "/admin/features",
        _all(_open("故障の見本を設定する"), _send("保存する", **_wrong_settings)),
    ),
    Screen("broken-my-settings", STAFF2, "/admin/my/broken"),
    Screen("broken-health", IT, "/admin/health"),
    Screen("broken-matrix", "secretariat", "/admin/matrix"),
)
"""What a plugin that fails leaves, and the pages about it; ``broken_plugin`` must be installed.

In its folder lies a second plugin that does not fit this Niwari and stays stopped.
"""

HIDDEN_SCREENS: tuple[Screen, ...] = (
    Screen("digest-empty", STAFF, "/digest/"),
    Screen("digest-settings-on", "secretariat", "/digest/settings"),
    Screen("digest-town-on", IT, "/digest/town"),
    Screen("officials", "secretariat", "/vault/officials", _unfold()),
    Screen("openings", HEAD, "/vault/openings"),
    Screen("opening-new", HEAD, "/vault/openings/new"),
    Screen("opening-new-errors", HEAD, "/vault/openings/new", _send("開示を求める", 番号="99999")),
    Screen("opening-asked", HEAD, "{waiting}"),
    Screen("opening-waiting", "head@sukagawa", "{waiting}"),
    Screen("opening-opened", HEAD, "{opened}"),
    Screen("opened-author", "head@sukagawa", "{opened}", _show_author),
    Screen("openings-mine", MIHARU, "/vault/mine"),
    Screen("openings-mine-official", HEAD, "/vault/mine"),
    Screen("case-hidden", "secretariat", "{reported}"),
    Screen(
        "case-hidden-errors",
        "secretariat",
        "{reported}",
        _all(_tick_pause, _send("そのままにする", 理由="気になるところはありません。")),
    ),
    Screen("case-paused", "secretariat", "{paused}"),
    Screen("own-post-paused", MIHARU, "{own_paused}"),
    Screen("home-opened", MIHARU, "/"),
    Screen("home-waiting", "head@sukagawa", "/"),
)
"""The pages about hidden authors; ``niwari_whisper`` of tests/plugins must be installed.

The region has its digest on there, of which no issue has been made.
"""
