"""What may be written of a provider: checked field by field, before anything is stored."""

import re
from dataclasses import dataclass, replace

from niwari.errors import N_, Invalid
from niwari.identity.protocol.outward import AddressRefused, AddressRule
from niwari.identity.sign_in.accounts import MAIL

_CLAIM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+{_LABEL}")
_LONGEST_DOMAIN = 190
LONGEST_SECRET = 4096
_ISSUER_REFUSED = {
    "insecure_address": N_("https:// で始まるアドレスを入力してください。? や # は使えません。"),
    "this_machine": N_(
        "このアドレスは、にわりのサーバー自身を指しています。認証サーバーのアドレスを入力してください。"
    ),
    "private_address": N_(
        "このアドレスは庁内のネットワークにあります。サーバーの担当者が niwari.toml の "
        "provider_networks にそのネットワークを書き加えると、登録できます。"
    ),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A provider as somebody wants it to be. ``secret`` is ``None`` where the present one stays.

    ``municipality_ids`` are those of the municipalities that it serves; ``domains`` are its mail
    domains. Which fields an error belongs to is said by their names here.
    """

    label: str
    issuer: str
    client_id: str
    login_claim: str
    domains: tuple[str, ...]
    municipality_ids: tuple[int, ...]
    secret: str | None = None


def checked(draft: Draft, rule: AddressRule) -> Draft:
    """Return the draft as it is stored: trimmed, domains in lower case, nothing named twice.

    Raises ``Invalid`` that names the first field that is wrong; the issuer by ``rule``.
    """
    found = replace(
        draft,
        label=draft.label.strip(),
        issuer=draft.issuer.strip(),
        client_id=draft.client_id.strip(),
        login_claim=draft.login_claim.strip(),
        domains=tuple(sorted({d.strip().lower().removeprefix("@") for d in draft.domains} - {""})),
        municipality_ids=tuple(sorted(set(draft.municipality_ids))),
        # As files and terminals give it: a line end is no part of it.
        secret=(draft.secret or "").strip("\r\n") or None,
    )
    for text, longest, name in (
        (found.label, 100, "label"),
        (found.issuer, 200, "issuer"),
        (found.client_id, 255, "client_id"),
    ):
        if not text:
            raise Invalid(N_("入力してください。"), field=name)
        if len(text) > longest:
            raise Invalid(N_("%(most)d文字以内で入力してください。"), field=name, most=longest)
    if found.secret is not None:
        _check_secret(found.secret)
    try:
        rule.check_issuer(found.issuer)
    except AddressRefused as refused:
        raise Invalid(_ISSUER_REFUSED[refused.reason], field="issuer") from None
    if not _CLAIM.fullmatch(found.login_claim):
        raise Invalid(
            N_("項目（クレーム）の名前を半角英数字で入力してください。例：preferred_username"),
            field="login_claim",
        )
    for domain in found.domains:
        if not _DOMAIN.fullmatch(domain) or len(domain) > _LONGEST_DOMAIN:
            raise Invalid(
                N_("「%(domain)s」はドメインの形ではありません。例：city.example.lg.jp"),
                field="domains",
                domain=domain[:60],
            )
    if found.login_claim == MAIL and not found.domains:
        raise Invalid(
            N_("照合に email を使うときは、メールのドメインを1つ以上入力してください。"),
            field="domains",
        )
    if not found.municipality_ids:
        raise Invalid(N_("市町村を1つ以上選んでください。"), field="municipality_ids")
    return found


def _check_secret(secret: str) -> None:
    if len(secret.splitlines()) > 1:
        raise Invalid(
            N_("クライアントシークレットは1行です。改行を除いて入力してください。"), field="secret"
        )
    if len(secret) > LONGEST_SECRET:
        raise Invalid(
            N_("%(most)d文字以内で入力してください。"), field="secret", most=LONGEST_SECRET
        )
