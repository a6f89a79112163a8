"""The root of what the rules of the ledger say no with."""

from niwari.errors import DomainError


class LedgerError(DomainError):
    """The root of the ledger's refusals."""
