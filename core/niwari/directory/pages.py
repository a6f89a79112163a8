"""The pages of the directory: one blueprint, described in the files of their subjects."""

from niwari.host.blueprint import Blueprint

blueprint = Blueprint("directory", __name__)
