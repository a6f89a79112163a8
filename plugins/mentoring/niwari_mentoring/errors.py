"""What mutual learning refuses, and how it says so. The web layer maps each class to its status once."""

from niwari.api import N_, DomainError, Forbidden, Invalid


class Paused(DomainError):
    """The municipality that owns the row has the plugin off: read, but do not write."""

    text = N_(
        "%(municipality)sでは、学び合いを休止しています。再開するまで、書き込みやお願いはできません。"
    )


class ChangedMeanwhile(DomainError):
    """Somebody saved it since the form was opened: nothing is overwritten."""

    text = N_(
        "開いている間に、ほかの職員が保存しました（第%(number)d版）。下の欄はあなたが書いたままです。"
        "今の内容と見比べて一つにし、もう一度保存してください。"
    )


class NotOfSection(Forbidden):
    """Only people of the section write its profile and answer what it is asked."""

    text = N_("これができるのは、この所属で働いている職員だけです。")


class NotHead(Forbidden):
    """Only whoever answers for the section hides its profile or shows it again."""

    text = N_("これを決められるのは、所属長と、今その代わりに答える代決者だけです。")


class IsHidden(DomainError):
    """The head has hidden the profile: nobody asks there meanwhile."""

    text = N_(
        "この所属の紹介は、所属長が表示を止めています。再び表示されるまで、質問はできません。"
    )


class NothingFilled(Invalid):
    """A sheet has not one item with words."""

    text = N_("一つ以上の項目に書いてください。")


class NeitherWay(Invalid):
    """A profile neither offers nor seeks anything."""

    text = N_("「伝えられること」と「教わりたいこと」の、少なくとも一方に書いてください。")
    field = "offers"


class BadCapacity(Invalid):
    """The number of people is outside of what one can do."""

    text = N_("同時に引き受ける人数は、0から%(most)dまでの整数で入力してください。")
    field = "capacity"


class BadLength(Invalid):
    """The usual length of a meeting is too short or too long."""

    text = N_("1回の長さは、%(least)d分から%(most)d分までの整数で入力してください。")
    field = "minutes"


class FewerThanPairs(Invalid):
    """The capacity is below the number of people whom one accompanies now."""

    text = N_(
        "今%(pairs)d人と続けているので、%(pairs)dより少なくはできません。"
        "減らしたいときは、先にペアを終えてください。"
    )
    field = "capacity"


class NoProfile(DomainError):
    """The person offers nothing any more."""

    text = N_("この職員は、今は新しいお願いを受けていません。ほかの職員を探してみてください。")


class OwnProfile(DomainError):
    """Nobody asks themselves."""

    text = N_("自分自身にはお願いできません。ほかの職員を選んでください。")


class FullNow(DomainError):
    """The person accompanies as many as they wanted."""

    text = N_(
        "この職員は、今は引き受けられる人数がいっぱいです。空きができると、一覧に「空きあり」と出ます。"
    )


class AskedAlready(DomainError):
    """An own request to the person waits, or the pair goes on already."""

    text = N_("この職員へのお願いは、もう届いているか、すでにペアになっています。")


class TooSoon(DomainError):
    """The person declined not long ago."""

    text = N_(
        "前のお返事（今回は見送り）から間がないため、%(day)sまではお願いできません。"
        "その翌日から、もう一度お願いできます。"
    )


class TooManyAsked(DomainError):
    """Too many requests of one person wait for an answer."""

    text = N_(
        "返事を待っているお願いが%(most)d件あります。返事が届くか、取り下げてから送ってください。"
    )


class BadEnd(Invalid):
    """A pair cannot last beyond the fiscal year, nor end before it began."""

    text = N_("終わりの日は、今日から年度の終わり（%(last)s）までの日にしてください。")
    field = "ends_on"


class NotTheMentor(Forbidden):
    """Only the person who was asked answers."""

    text = N_("お返事ができるのは、お願いされた人だけです。")


class NotTheAsker(Forbidden):
    """Only the person who asked takes it back."""

    text = N_("お願いを取り下げられるのは、お願いした人だけです。")


class NotGoingOn(DomainError):
    """The pair is not, or not any more, going on."""

    text = N_("このペアは、今は続いていません。画面を読み込み直して、今の状態を確かめてください。")


class AnsweredAlready(DomainError):
    """The request was answered, taken back or has run out."""

    text = N_("このお願いには、もう返事がされたか、取り下げられています。")


class BadTimes(Invalid):
    """A meeting ends after it began, and lies ahead."""

    text = N_("始まりはこれからの時刻に、終わりは始まりより後にしてください。")
    field = "starts"


class TooLongMeeting(Invalid):
    """A meeting of more than a few hours is no meeting of two."""

    text = N_("1回は4時間までにしてください。")
    field = "ends"


class BeyondPair(Invalid):
    """A meeting lies after the last day of the pair."""

    text = N_("このペアの終わり（%(last)s）までの日にしてください。")
    field = "day"


class TooManyMeetings(DomainError):
    """A pair has as many meetings ahead as it may."""

    text = N_("これからの面談は%(most)d回までです。終わったあとか、取りやめてから足してください。")


class MeetingOver(DomainError):
    """A meeting that has begun is neither moved nor called off."""

    text = N_("始まった面談は、変えたり取りやめたりできません。")
