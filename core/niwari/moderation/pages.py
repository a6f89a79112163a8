"""The blueprint of moderation's pages; each module of views describes its own on it."""

from niwari.host.blueprint import Blueprint

blueprint = Blueprint("moderation", __name__)
