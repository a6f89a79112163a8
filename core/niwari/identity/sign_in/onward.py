"""Where somebody goes on to after a sign-in."""

import json

from flask import request

from niwari.identity.sign_in.pending import LONGEST_NEXT
from niwari.pages.addresses import local_address


def onward() -> str:
    """Return the ``next`` of the present request where it leads nowhere else, else home."""
    address = local_address(request.args.get("next"))
    return address if address and len(json.dumps(address)) <= LONGEST_NEXT else home()


def home() -> str:
    """Return the address of the home page."""
    return f"{request.script_root}/"
