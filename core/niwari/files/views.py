"""The address of a file."""

from urllib.parse import quote

from flask import Response, request
from werkzeug.wsgi import wrap_file

from niwari.files import service
from niwari.host.blueprint import Blueprint
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context

blueprint = Blueprint("files", __name__)

# Opened by itself, a file can do nothing: no script, no form, no frame, no other address. The style is
# that of the browser's own page around a picture.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@blueprint.get("/<int:attachment_id>", permission="files.read")
def show(attachment_id: int) -> Response:
    """Give a file to whom its row is shown: a picture to look at, anything else to download.

    The address has no name in it, because addresses stand in the server's log.
    """
    width = whole_number(request.args.get("width"))
    found = service.open_attachment(current_context(), attachment_id, width)
    answer = Response(
        wrap_file(request.environ, found.content),
        content_type=found.media_type,
        direct_passthrough=True,
    )
    if found.size is not None:
        answer.content_length = found.size
    shown = "inline" if found.is_picture else "attachment"
    # RFC 6266: the name in percent signs, because headers are Latin-1.
    name = quote(found.name, safe="")
    answer.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{name}"
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
