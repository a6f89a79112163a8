"""What a municipality chooses about the 20% rule; heavy options are off until it wants them (L23)."""

from dataclasses import dataclass

from niwari.context import Context, MunicipalityRef
from niwari.host.settings import settings_of
from niwari.specs.contributions import Label, Setting

AREA = "ledger"

SETTINGS = (
    Setting(
        "oral",
        Label("口頭の了承を使う", "Allow an oral OK"),
        True,
        hint=Label(
            "始まる前に「だれが、いつ了承したか」を本人が書くと、その場で時間を確保します。"
            "所属長があとから一度押して確かめます。",
            "Before the start the person notes who said yes and when; the time is reserved at "
            "once, and the head confirms later with one click.",
        ),
    ),
    Setting(
        "standing",
        Label("包括了承を使う", "Allow standing agreements"),
        True,
        hint=Label(
            "毎月決まった日や、月に何時間かを、年度末までまとめて了承できます。",
            "A series of days, or some hours each month, can be agreed to at once until the end "
            "of the fiscal year.",
        ),
    ),
    Setting(
        "clerk_entry",
        Label("庶務担当の代理入力を使う", "Let section clerks enter for others"),
        True,
        hint=Label(
            "パソコンを使わない職員の分を、所属の庶務担当が入力できます。入力したことは本人に知らせ、本人は異議を伝えられます。",
            "A section clerk enters for people without a computer; they are told and may object.",
        ),
    ),
    Setting(
        "step",
        Label("入力の刻み", "Steps of minutes"),
        15,
        minimum=1,
        maximum=60,
        unit=Label("分", "minutes"),
        hint=Label(
            "画面で時間を選ぶときの刻みです。保存は1分単位です。",
            "The steps in which screens offer time; it is kept to the minute.",
        ),
    ),
    Setting(
        "closing_workday",
        Label("前の月を締める日", "When a month closes"),
        10,
        minimum=1,
        maximum=20,
        unit=Label("番目の開庁日", "th working day"),
        hint=Label(
            "この日になると、前の月が自動で締まります。記録のない了承は終わり、時間が枠に戻ります。",
            "On this day the month before closes by itself; what is not recorded ends.",
        ),
    ),
    Setting(
        "long_leave_only",
        Label("長い休暇だけを引く", "Subtract long leave only"),
        False,
        hint=Label(
            "年次休暇などの短い休暇を枠の計算から引かず、産休・育休・休業などだけを引きます。",
            "Short leave such as annual leave leaves the allowance as it is.",
        ),
    ),
    Setting(
        "host_confirmation",
        Label("主催者に出席を確かめてもらう", "Let hosts confirm attendance"),
        False,
        hint=Label(
            "取組に参加した記録に、「主催者の確認待ち」「主催者が確認」と表示します。"
            "確認がなくても、記録も月の締めもできます。主催者に見えるのは、名前と市町村だけです。",
            "Records of what people joined are marked until the host has confirmed that they were there. "
            "It keeps nobody from recording, and no month from closing. Hosts see names and "
            "municipalities alone.",
        ),
    ),
    Setting(
        "tolerance",
        Label("許容時間", "Tolerance"),
        0,
        minimum=0,
        maximum=60,
        unit=Label("分", "minutes"),
        hint=Label(
            "了承した長さより、この分数まで長く記録できます。長い分は「追加分」として、すぐに使った時間に数えます。"
            "所属長が認めなければ取り消し、私的な時間になります。0なら、了承した長さまでしか記録できません。",
            "A record may be longer than the OK by so much. The rest counts as used at once and waits "
            "for the head; not accepted, it is reversed and is private time. 0: never longer.",
        ),
    ),
    Setting(
        "kept_years",
        Label("台帳の保存年限", "How long the ledger is kept"),
        5,
        minimum=1,
        maximum=30,
        unit=Label("年", "years"),
        hint=Label(
            "年度が終わってからの年数です。過ぎた年度は「台帳の廃棄」で廃棄できます。自動では廃棄しません。",
            "Years after the end of the fiscal year. Later it can be disposed of; never by itself.",
        ),
    ),
    Setting(
        "joint",
        Label("何人かでまとめて申し込む", "Joint requests"),
        False,
        hint=Label(
            "同じ時間に同じことをする職員の分を、一人がまとめて申し込めます。答えるのは、それぞれの所属長です。",
            "One person asks for several; each one's head answers.",
        ),
    ),
    Setting(
        "after_fact",
        Label("事後の申込みを使う", "Take requests after the fact"),
        False,
        hint=Label(
            "もう終わった時間を、あとから申し込めます。所属長の了承が要ることは同じです。"
            "一覧・本人控え・集計のどこでも「事後」と示します。やめたあとも、もう出ている申込みには答えられます。",
            "Time that is over can be asked for; the head answers as always. It is marked in every "
            "list, statement and report. What was asked can still be answered once this is off.",
        ),
    ),
    Setting(
        "after_fact_days",
        Label("事後の申込みの期限", "How late after the fact"),
        5,
        minimum=1,
        maximum=20,
        unit=Label("開庁日まで", "working days"),
        hint=Label(
            "終わった日から、この日数の開庁日のうちに申し込みます。締めた月の分は申し込めません。",
            "Counted from the day of the work. A closed month takes no requests.",
        ),
    ),
    Setting(
        "travel",
        Label("移動の時間も申し込む", "Ask for travel time"),
        False,
        hint=Label(
            "勤務時間の中の行き・帰りの時間を、申込みと一緒に書けます。所属長は、一度押すだけで移動もまとめて了承できます。記録も一度で済みます。",
            "The ways there and back inside working hours are asked for with the request; one OK "
            "and one record hold for all.",
        ),
    ),
    Setting(
        "travel_counts",
        Label("移動の時間を20%に数える", "Count travel time as 20% time"),
        True,
        hint=Label(
            "チェックを外すと、移動の時間は記録に残りますが、枠は減りません。申込み済みの移動は、申し込んだときの決まりのままです。",
            "Without it travel time is recorded and takes nothing of the allowance. What was asked "
            "for before keeps the rule of its time.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a municipality chose, by the keys of ``SETTINGS``; ``step`` and ``tolerance`` are minutes."""

    oral: bool
    standing: bool
    clerk_entry: bool
    step: int
    closing_workday: int
    long_leave_only: bool
    host_confirmation: bool
    tolerance: int
    kept_years: int
    joint: bool
    after_fact: bool
    after_fact_days: int
    travel: bool
    travel_counts: bool


def choices_of(ctx: Context, owner: MunicipalityRef | None = None) -> Choices:
    """Return what the acting municipality, or ``owner``, chose; no query while its revision stands."""
    values = settings_of(ctx, AREA, "municipality", owner=owner)
    return Choices(**values)  # type: ignore[arg-type]  # the keys and types are those declared above
