"""The acting person or municipality of a request to the API: by its token, and by nothing else."""

from flask import Flask, g, request

from niwari.clock import Clock
from niwari.context import Context
from niwari.host.registry import Host
from niwari.identity.roles.mapping import kept_permissions
from niwari.identity.tokens.reading import TokenHolder, note_use, read_token
from niwari.pages.parts import parts
from niwari.pages.programs import of_a_program
from niwari.rest.problems import NotAuthenticated


def install_tokens(app: Flask, host: Host, clock: Clock) -> None:
    """Give each request to the API the context of its token, and the language it asks for.

    To be installed behind the sessions and before the gate. What a token can is what its owner can
    at this moment, and no more than its scopes.
    """
    permissions = kept_permissions(host)

    def context(holder: TokenHolder) -> Context:
        return Context(
            holder.municipality,
            holder.appointment,
            clock(),
            locale="en" if g.locale == "en" else "ja",
            request_id=g.request_id,
            permissions=permissions(holder.municipality, holder.roles) & holder.scopes,
            actor=f"token:{holder.token_id}",
        )

    @app.before_request
    def establish_context_of_token() -> None:
        if not of_a_program():
            return
        g.locale = request.accept_languages.best_match(("ja", "en"), "ja")
        access = parts().access.of(request.endpoint)
        if access is None or access.public is not None:
            return
        sent = request.authorization
        token = sent.token if sent is not None and sent.type == "bearer" else None
        holder = read_token(clock(), token) if token else None
        if holder is None:
            raise NotAuthenticated(sent=sent is not None)
        if holder.is_stale:
            note_use(holder.token_id, clock())
        g.ctx = context(holder)
