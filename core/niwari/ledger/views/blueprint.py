"""Where the pages of the ledger are described."""

from werkzeug.wrappers import Response

from niwari.host.blueprint import Blueprint

blueprint = Blueprint("ledger", "niwari.ledger")

Answer = str | Response | tuple[str, int]
