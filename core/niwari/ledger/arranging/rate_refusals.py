"""Why a rate is not taken."""

from niwari.errors import N_, DomainError


class OverlappingRate(DomainError):
    """Another rate of the same target holds on some of these days."""

    field = "starts_on"
    text = N_(
        "%(first)sから始まる割合と日にちが重なります。先にそちらを終えるか、日にちを変えてください。"
    )


class RateGone(DomainError):
    """The rate was taken back before it began: there is nothing left to end."""

    status = 404
    text = N_("この割合は、始まる前に取り消されています。")


class RateEnded(DomainError):
    """The rate has ended already."""

    text = N_("この割合は、もう終わっています。")
