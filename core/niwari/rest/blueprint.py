"""Where the operations of the API are declared."""

from niwari.host.blueprint import Blueprint
from niwari.rest.operations import Operations

blueprint = Blueprint("rest", "niwari.rest")

operations = Operations(blueprint)
