"""What joining is refused with."""

from typing import ClassVar

from niwari.errors import N_, DomainError, Invalid


class JoiningError(DomainError):
    """The root of the catalogue's refusals: nothing was asked for and no seat is held."""


class Begun(JoiningError):
    """It has begun, or is over."""

    text = N_("この取組はもう始まっています。これからの取組を選んでください。")


class Closed(JoiningError):
    """Its time for joining is over."""

    text = N_("この取組の申込みは終わりました。")


class Full(JoiningError):
    """No seat is left."""

    text = N_("この取組は満席です。空きが出るまでお待ちください。")


class AlreadyJoined(JoiningError):
    """The person has asked for it before."""

    text = N_("この取組には、もう申し込んでいます。")


class NotEnoughLeft(JoiningError):
    """It takes more minutes than the person has left in that month."""

    rule: ClassVar[str] = "L3"
    text = N_("今月の残りは%(free)sです。この取組には%(takes)sかかります。")
    later = N_("%(month)d月の残りは%(free)sです。この取組には%(takes)sかかります。")


class NotNow(JoiningError):
    """The plugin does not answer just now."""

    text = N_("この取組は、今は使えません。しばらくしてから、もう一度お試しください。")


class Paused(JoiningError):
    """The municipality that offers it does not use the plugin just now."""

    text = N_("この取組は、主催する市町村で休止中です。再開するまでお待ちください。")


class BadWay(Invalid):
    """The way to take part is not one of those offered."""

    field = "way"
    text = N_("参加のしかたを選んでください。")


class NoDay(Invalid):
    """A day must be chosen where the offer has none."""

    field = "work_date"
    text = N_("日にちを 2026-11-18 の形で入力してください。")
