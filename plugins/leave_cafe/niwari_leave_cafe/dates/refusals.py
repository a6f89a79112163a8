"""What cannot be worked out, and how it is said; a sentence names the rule where one says no."""

from niwari.api import N_, Invalid


class NoDay(Invalid):
    """Neither a due date nor a date of birth."""

    text = N_("出産予定日か、生まれた日の、どちらかを入力してください。")
    field = "due_on"


class DueTooFarAhead(Invalid):
    """The due date lies further ahead than a pregnancy lasts."""

    text = N_("出産予定日が先すぎます。%(last)sまでの日を入力してください。")
    field = "due_on"


class DueHasPassed(Invalid):
    """The due date passed long ago, and no date of birth is given."""

    text = N_("出産予定日から4週間を過ぎています。生まれた日を入力してください。")
    field = "born_on"


class BornLater(Invalid):
    """The date of birth lies in the future."""

    text = N_(
        "生まれた日が、今日より後になっています。まだ生まれていないときは、空欄にしてください。"
    )
    field = "born_on"


class BornTooLongAgo(Invalid):
    """The child goes to school already."""

    text = N_(
        "小学校に入った子について、ここで調べられる制度はありません。生まれた日を確かめてください。"
    )
    field = "born_on"


class TooFarApart(Invalid):
    """Birth and due date cannot belong to one child."""

    text = N_(
        "生まれた日と出産予定日が離れすぎています。生まれた日は、出産予定日の28週間前から4週間後までです。どちらかを直してください。"
    )
    field = "born_on"


class NoPack(Invalid):
    """No rules are in force today."""

    text = N_("今日の日付で使える規程がありません。人事担当課に知らせてください。")


class WishHalf(Invalid):
    """A wish has only one of its two days."""

    text = N_("始まる日と終わる日の、両方を入力してください。")


class WishBackwards(Invalid):
    """A wish ends before it begins."""

    text = N_("終わる日が、始まる日より前です。日付を直してください。")


class WishesMeet(Invalid):
    """Two wishes have days in common."""

    text = N_("育児休業の希望が、ほかの希望と重なっています。日付を直してください。")


class WishTooEarly(Invalid):
    """A wish begins before the leave can."""

    text = N_("育児休業を始められるのは、%(first)sからです（%(source)s）。")


class WishTooLate(Invalid):
    """A wish ends after the leave must."""

    text = N_("育児休業を取れるのは、%(last)sまでです（%(source)s）。")


class TooManyWishes(Invalid):
    """More spells of leave than the rule has."""

    text = N_(
        "育児休業を分けて取れるのは、%(times)d回までです（%(source)s）。出生後57日以内の分は、別に数えます。"
    )


class WishWithoutRule(Invalid):
    """The municipality's rules have no childcare leave for the employment type."""

    text = N_(
        "%(scheme)sは、「%(pack)s」の規程では、この任用の種類の人は取れません。希望の日付を消してください。"
    )
