"""What the rules say no with when 20% time is asked for."""

from typing import ClassVar

from niwari.errors import N_, Invalid
from niwari.ledger.errors.root import LedgerError


class TooLate(LedgerError):
    """The time to ask or to agree has passed."""

    rule: ClassVar[str] = "L1"
    text = N_("始まる前に了承が必要です。過ぎた時間は申し込めません。")
    after_fact = N_(
        "始まる前に了承が必要です。もう終わった時間は、「事後の申込み」として申し込めます。"
    )
    field = "work_date"


class AfterFactNotUsed(LedgerError):
    """The municipality takes no requests for time that is over."""

    rule: ClassVar[str] = "L1"
    text = N_(
        "この市町村では、事後の申込みを使っていません。始まる前の時間を、チェックを外して申し込んでください。"
    )
    field = "after_fact"


class NotOverYet(LedgerError):
    """What is asked for after the fact is not over."""

    rule: ClassVar[str] = "L1"
    text = N_(
        "事後の申込みは、もう終わった時間だけに使えます。これからの時間は、チェックを外して申し込んでください。"
    )
    passed = N_(
        "事後の申込みは、もう終わった時間だけに使えます。その日から今までの勤務時間は%(passed)sです。"
    )
    field = "work_date"


class TooLongAgo(LedgerError):
    """What is asked for after the fact lies too far back."""

    rule: ClassVar[str] = "L1"
    text = N_(
        "事後の申込みは、終わってから%(days)s開庁日までです。それより前の時間は申し込めません。"
    )
    field = "work_date"


class AlwaysBefore(LedgerError):
    """An oral OK, or a request for several, cannot be after the fact."""

    rule: ClassVar[str] = "L1"
    text = N_(
        "口頭の了承は、始まる前のものです。事後の申込みでは、口頭の了承のチェックを外してください。"
    )
    jointly = N_(
        "まとめての申込みは、始まる前だけに使えます。終わった時間は、一人ずつ申し込んでください。"
    )
    field = "oral"


class UnknownCalendar(LedgerError):
    """The day lies so far ahead that its holidays are not known."""

    text = N_("%(last)d年までの日にちを入力してください。その先の祝日はまだ分かりません。")
    field = "work_date"


class OralNotUsed(LedgerError):
    """The municipality takes no oral OK."""

    rule: ClassVar[str] = "L1"
    text = N_("この市町村では、口頭の了承を使っていません。チェックを外して申し込んでください。")
    field = "oral"


class TravelNotUsed(LedgerError):
    """No travel time can be asked for with this."""

    rule: ClassVar[str] = "L16"
    text = N_("この申込みでは、移動の時間を使えません。移動の時間を空欄にして申し込んでください。")
    field = "travel_there"


class NotAnswering(LedgerError):
    """Who is said to have said yes does not answer for the person."""

    rule: ClassVar[str] = "L9"
    text = N_("この申込みに答えられる人ではありません。了承した人を選び直してください。")
    field = "oral_by"


class BadOralTime(LedgerError):
    """An oral OK cannot have been given at that time."""

    rule: ClassVar[str] = "L1"
    text = N_("了承をもらった日時は、今より前の日時を入力してください。")
    too_old = N_(
        "口頭の了承は、もらってから%(days)s開庁日のうちに書きとめてください。"
        "それより前のものは、所属長にもう一度確かめてください。"
    )
    field = "oral_time"


class OverCap(LedgerError):
    """More was asked for than the whole period allows."""

    rule: ClassVar[str] = "L3"
    text = N_("この月の枠は%(cap)sです。それより長い時間は申し込めません。")
    field = "minutes"


class NoBase(LedgerError):
    """There is no scheduled time in the period."""

    rule: ClassVar[str] = "L19"
    text = N_("この期間には勤務時間がないため、申し込めません。")
    field = "work_date"


class NoScheduledTime(LedgerError):
    """There is no, or not enough, scheduled time on that day or at that hour."""

    rule: ClassVar[str] = "L10"
    text = N_("その日の勤務時間は%(base)sです。勤務時間の中で申し込んでください。")
    field = "work_date"


class DayFull(LedgerError):
    """Other requests of the person leave too little of the scheduled time."""

    rule: ClassVar[str] = "L10"
    text = N_("勤務時間%(base)sのうち、ほかの申込みが%(taken)sあります。")
    field = "minutes"


class InsideLeave(LedgerError):
    """The time lies in registered leave."""

    rule: ClassVar[str] = "L23"
    text = N_("その時間には休暇が登録されています。ほかの時間で申し込んでください。")
    field = "work_date"


class NotAppointed(LedgerError):
    """The person is not, or not any more, appointed in the municipality on that day."""

    rule: ClassVar[str] = "L11"
    text = N_("その日には、この市町村に在職していません。在職している日で申し込んでください。")
    field = "work_date"


class Overlap(LedgerError):
    """Another request of the person covers part of the time."""

    rule: ClassVar[str] = "L10"
    text = N_("同じ時間に、ほかの申込みがあります。")
    field = "starts"


class AlreadyAsked(LedgerError):
    """The form was sent before, with something else in it."""

    rule: ClassVar[str] = "L2"
    text = N_(
        "この画面からの申込みは、もう受け付けています。"
        "もう一つ申し込むときは、内容を確かめて、もう一度押してください。"
    )


class AsOffered(LedgerError):
    """The request is for something that is offered, whose time and place are not the person's."""

    text = N_(
        "取組への申込みで変えられるのは、「すること」と、日時が決まっていない取組の日にちだけです。"
        "参加のしかたや場所を変えるときは、取り下げて、「取組の一覧」から申し込み直してください。"
    )


class TakesMore(LedgerError):
    """What is offered takes more than is left, and part of it is no part in it."""

    rule: ClassVar[str] = "L3"
    text = N_(
        "残りは%(free)sですが、この取組には%(takes)sかかります。"
        "残りが増えてから申し込むか、この申込みを取り下げてください。"
    )


class NoHead(LedgerError):
    """Nobody is entered as head who could answer."""

    rule: ClassVar[str] = "L9"
    text = N_("答える所属長が登録されていません。人事担当にお知らせください。")


class NotMainPost(LedgerError):
    """The acting post is a concurrent one, and the main post is in another municipality."""

    rule: ClassVar[str] = "L9"
    text = N_(
        "併任先の市町村では申し込めません。本務の所属に切り替えるか、本務の市町村でサインインし直してから、申し込んでください。"
    )


class BadMinutes(Invalid):
    """Minutes must be a whole number above 0."""

    text = N_("1分以上の整数で入力してください。")
    field = "minutes"


class UnknownActivity(Invalid):
    """The kind of activity is not offered here."""

    text = N_("活動の種類を選んでください。")
    field = "activity"
