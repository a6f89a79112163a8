"""What is refused about open-company days, and how it is said."""

from niwari.api import N_, DomainError, Invalid


class NoSectionProfile(DomainError):
    """A section that says nothing of itself invites nobody."""

    text = N_(
        "先に、自分の所属の紹介を書いてください。オープンカンパニーの日は、紹介と一緒に載ります。"
    )


class NotShown(DomainError):
    """The head has hidden the profile of the section."""

    text = N_(
        "所属の紹介は、所属長が表示を止めています。再び表示されてから、オープンカンパニーの日を決めてください。"
    )


class BadDay(Invalid):
    """The day lies behind, or is missing."""

    text = N_("日にちと始まりの時刻は、これからの日時を入力してください。")
    field = "day"


class BadMinutes(Invalid):
    """It is too short, too long, or no number."""

    text = N_("長さは、%(least)d分から%(most)d分までの整数で入力してください。")
    field = "minutes"


class BeyondDay(Invalid):
    """It does not end on its day."""

    text = N_("その日のうちに終わる長さにしてください。")
    field = "minutes"


class NoPlace(Invalid):
    """In the room one must know which."""

    text = N_("会場で開くときは、場所を入力してください。")
    field = "place"


class BadSeats(Invalid):
    """There are no seats, too many, or no number."""

    text = N_("席の数は、1から%(most)dまでの整数で入力してください。")
    field = "seats"


class FewerThanComing(Invalid):
    """There are fewer seats than people who come."""

    text = N_("もう%(coming)d人が申し込んでいるので、席の数を%(coming)dより少なくはできません。")
    field = "seats"


class BadClosing(Invalid):
    """The last day of signing up is over, or lies after the day itself."""

    text = N_("申込みの締切りは、今日から、開く日までの日にしてください。")
    field = "closes_on"


class TooManyDays(DomainError):
    """A section has as many days ahead as it may."""

    text = N_(
        "これからのオープンカンパニーの日は%(most)d回までです。終わったあとか、取りやめてから足してください。"
    )


class HasBegun(DomainError):
    """What has begun is neither changed nor called off, and no seat in it is given back."""

    text = N_("始まったオープンカンパニーの日は、変えたり、取りやめたり、席を返したりできません。")


class IsCalledOff(DomainError):
    """It does not take place."""

    text = N_("このオープンカンパニーの日は、取りやめになりました。")


class IsClosed(DomainError):
    """Its last day of signing up is over."""

    text = N_("このオープンカンパニーの日の申込みは、締め切りました。")


class NoSeatLeft(DomainError):
    """Somebody else took the last seat."""

    text = N_("席が埋まりました。空きが出ると、取組の一覧からまた申し込めます。")


class OwnSection(DomainError):
    """Nobody visits where they work."""

    text = N_(
        "自分の所属のオープンカンパニーの日には、申し込めません。受け入れる側として迎えてください。"
    )


class ComingFromElsewhere(Invalid):
    """People of other towns come on a day ahead, and could not read of it any more."""

    text = N_(
        "ほかの市町村から申し込んだ職員がいるオープンカンパニーの日があります。"
        "その日が終わってから変えるか、先にその日を取りやめてください。"
    )
    field = "audience"
