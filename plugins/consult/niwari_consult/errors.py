"""What consult refuses, and how it says so. The web layer maps each class to its status once."""

from niwari.api import N_, DomainError, Forbidden


class Paused(DomainError):
    """The municipality that owns the question has consult off: read, but do not write."""

    text = N_("%(municipality)sでは、相談を休止しています。再開するまで、回答や解決はできません。")


class NotTheAsker(Forbidden):
    """Only the asker says which answer solved it."""

    text = N_("解決にできるのは、相談した人だけです。")


class ChangedAlready(DomainError):
    """The accepted answer was changed once; it stays now."""

    text = N_("解決にした回答は、すでに一度変えています。これ以上は変えられません。")
