"""The blueprint of the vault's pages; each module of views describes its own on it."""

from niwari.host.blueprint import Blueprint

blueprint = Blueprint("vault", __name__)
