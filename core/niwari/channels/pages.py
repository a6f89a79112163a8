"""The blueprint of the pages about notices; each module of views describes its own on it."""

from niwari.host.blueprint import Blueprint

blueprint = Blueprint("channels", __name__)
