"""Who gets in where: every route of the application has its row here, or this file fails.

A row says what it takes to open the route, and what each visitor is answered: somebody anonymous, one
person for each role, the neighbour (all roles, in another town, with the ids of this town's rows),
and somebody who has left. A form is sent without its token, so 400 means: the gate let it through.
Where a form is about a row, the neighbour sends the token too, and must be told that there is none.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from flask import Flask

from niwari.clock import FrozenClock
from niwari.testing.engines import Engines
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.world import World, prepare_town
from tests.core.web.visits import ROLES, Visits, prepared, switched_off

VISITORS = ("anonymous", "left", *ROLES, "neighbour")


@dataclass(frozen=True)
class Row:
    """``access`` is a permission or "public"; ``answers`` are the statuses by visitor."""

    access: str
    answers: Mapping[str, int]


TO_SIGN_IN, NOT_SIGNED_IN, NO_TOKEN, FORBIDDEN, NO_SUCH, CONFLICT, OK = (
    302,
    401,
    400,
    403,
    404,
    409,
    200,
)


EVERYBODY_NO_SUCH = dict.fromkeys((*ROLES, "neighbour"), NO_SUCH)


def public(anonymous: int, signed_in: int) -> Row:
    """A route that takes no permission."""
    outside = {"anonymous": anonymous, "left": anonymous}
    return Row("public", outside | dict.fromkeys((*ROLES, "neighbour"), signed_in))


def page(access: str, *holders: str, **but: int) -> Row:
    """A page behind a permission that these roles hold (none named: everybody); ``but`` for some."""
    return _row(access, holders, but, outside=TO_SIGN_IN, inside=OK)


def form(access: str, *holders: str, **but: int) -> Row:
    """A form behind a permission."""
    return _row(access, holders, but, outside=NOT_SIGNED_IN, inside=NO_TOKEN)


def page_of(access: str, *holders: str, seen_by: tuple[str, ...] = ROLES, **but: int) -> Row:
    """A page about a row of this town, which some of those with the permission see."""
    unseen = {role: NO_SUCH for role in holders or ROLES if role not in seen_by}
    return page(access, *holders, **(unseen | but), neighbour=NO_SUCH)


def form_of(access: str, *holders: str) -> Row:
    """A form about a row of this town."""
    return form(access, *holders, neighbour=NO_SUCH)


def operation(access: str) -> Row:
    """An operation of the API: no session opens it, only a token (tests/core/rest)."""
    return Row(access, dict.fromkeys(VISITORS, NOT_SIGNED_IN))


def _row(
    access: str, holders: tuple[str, ...], but: Mapping[str, int], *, outside: int, inside: int
) -> Row:
    answers = dict.fromkeys(("anonymous", "left"), outside) | {"neighbour": inside}
    answers |= {role: inside if role in (holders or ROLES) else FORBIDDEN for role in ROLES}
    return Row(access, answers | but)


_TRANSFERS = "directory.transfers.manage"

_READERS = ("staff", "head")
"""Who sees the notebook that staff keeps: its holder and the head of the section."""


def _writing(**but: int) -> Row:
    """A page on which a holder writes; the head sees the notebook and does not."""
    return page_of("handover.write", seen_by=_READERS, **but)


HANDOVER = {
    "GET handover.notebooks": page("handover.read"),
    "GET handover.posts": page("handover.name", "hr"),
    "GET handover.new_notebook": page("handover.write"),
    "POST handover.open_notebook": form("handover.write"),
    **{
        f"GET handover.{name}": page_of("handover.read", seen_by=_READERS)
        for name in (
            *("notebook", "year", "printed", "duty", "history", "change"),
            *("holders", "handing_over"),
        )
    },
    "GET handover.new_duty": _writing(head=FORBIDDEN),
    "GET handover.edit_duty": _writing(head=FORBIDDEN),
    "GET handover.item": _writing(head=FORBIDDEN),
    "GET handover.new_question": _writing(),
    "GET handover.new_answer": _writing(),
    # The day of the handover is yet to come.
    "GET handover.help_page": _writing(staff=303, head=303),
    "GET handover.successor": page_of("handover.write", seen_by=(*_READERS, "hr")),
    **{
        f"POST handover.{name}": form_of("handover.write")
        for name in (
            *("add_duty", "save_duty", "remove_duty", "restore_duty", "remove_file"),
            *("add_holder", "end_holder", "choose_reading", "name_successor", "call_off"),
            *("confirm", "approve", "add_item", "change_item", "tick_item", "untick_item"),
            *("remove_item", "ask", "answer", "ask_for_help"),
        )
    },
}


def _of_two() -> Row:
    """A page of a pair of staff and a colleague without a role here: nobody else sees it."""
    return page_of("mentoring.read", seen_by=("staff",))


MENTORING = {
    "GET mentoring.sections_page": page("mentoring.read"),
    "GET mentoring.edit_section": page("mentoring.ask"),
    "POST mentoring.save_section": form("mentoring.ask"),
    "GET mentoring.section": page_of("mentoring.read"),
    **{
        f"POST mentoring.{name}": form_of("mentoring.ask")
        for name in ("ask", "answer", "hide_section")
    },
    "GET mentoring.open_days_page": page("mentoring.read"),
    "GET mentoring.new_open_day": page("mentoring.ask"),
    "POST mentoring.announce_open_day": form("mentoring.ask"),
    "GET mentoring.open_day": page_of("mentoring.read"),
    # Those of other sections are told that they may not.
    "GET mentoring.edit_open_day": page_of(
        "mentoring.ask", hr=FORBIDDEN, it=FORBIDDEN, secretariat=FORBIDDEN, auditor=FORBIDDEN
    ),
    **{
        f"POST mentoring.{name}": form_of("mentoring.ask")
        for name in ("change_open_day", "call_off_open_day", "give_back_seat")
    },
    "GET mentoring.practices": page("mentoring.read"),
    "GET mentoring.practice": page("mentoring.read"),
    "GET mentoring.practice_csv": page("mentoring.read"),
    "GET mentoring.edit_sheet": page("mentoring.fill"),
    "POST mentoring.save_sheet": form("mentoring.fill"),
    "GET mentoring.sheet": page_of("mentoring.read"),
    "GET mentoring.people": page("mentoring.read"),
    "GET mentoring.edit_profile": page("mentoring.pair"),
    "POST mentoring.save_profile": form("mentoring.pair"),
    "POST mentoring.withdraw_profile": form("mentoring.pair"),
    "GET mentoring.profile": page_of("mentoring.read"),
    # Of oneself nobody asks anything.
    "GET mentoring.new_pair": page_of("mentoring.pair", staff=303),
    "POST mentoring.ask_pair": form_of("mentoring.pair"),
    "GET mentoring.my_pairs": page("mentoring.read"),
    "GET mentoring.pair": _of_two(),
    "GET mentoring.meeting": _of_two(),
    **{
        f"POST mentoring.{name}": form_of("mentoring.pair")
        for name in (
            *("answer_pair", "withdraw_pair", "end_pair", "plan_meeting", "write_note"),
            *("remove_note", "move_meeting", "call_off_meeting", "ask_meeting_time"),
        )
    },
}

TOURISM = {
    **{
        f"GET tourism_sns.{name}": page("tourism_sns.read")
        for name in (
            *("region", "find_spots", "find_routes", "find_accounts", "find_posts", "figures"),
        )
    },
    **{
        f"GET tourism_sns.{name}": page_of("tourism_sns.read")
        for name in ("spot", "route", "account", "post")
    },
    **{f"GET tourism_sns.{name}": page("tourism_sns.write") for name in ("new_spot", "new_route")},
    **{
        f"GET tourism_sns.{name}": page_of("tourism_sns.write")
        for name in (
            *("edit_spot", "edit_route", "edit_post", "reading", "package"),
            *("new_post_of_spot", "new_post_of_route"),
        )
    },
    "GET tourism_sns.new_account": page("tourism_sns.accounts", "head"),
    "POST tourism_sns.add_account": form("tourism_sns.accounts", "head"),
    "GET tourism_sns.edit_account": page_of("tourism_sns.accounts", "head"),
    "POST tourism_sns.save_account": form_of("tourism_sns.accounts", "head"),
    "POST tourism_sns.end_account": form_of("tourism_sns.accounts", "head"),
    "POST tourism_sns.add_spot": form("tourism_sns.write"),
    "POST tourism_sns.add_route": form("tourism_sns.write"),
    **{
        f"POST tourism_sns.{name}": form_of("tourism_sns.write")
        for name in (
            *("save_spot", "check_spot", "withdraw_photo", "save_route", "look_for_help"),
            *("stop_looking", "begin_post_of_spot", "begin_post_of_route", "save_post"),
            *("ask_release", "take_back", "release", "send_back", "ask_to_read", "add_comment"),
            *("export_post",),
        )
    },
}

TABLE = {
    "GET web.home": page("web.read"),
    "POST web.set_locale": public(303, 303),
    "GET search.find": page("search.read"),
    "GET web.healthz": public(OK, OK),
    "GET identity.sign_in": public(OK, 302),
    "POST identity.find": public(422, 303),
    "GET identity.start": public(302, 302),
    "GET identity.callback": public(400, 400),
    "POST identity.sign_out": public(303, NO_TOKEN),
    "GET identity.signed_out": public(OK, OK),
    "POST identity.back_channel_logout": public(400, 400),
    "GET identity.confirm": page("identity.confirm"),
    "GET identity.confirm_start": page(
        "identity.confirm", **dict.fromkeys((*ROLES, "neighbour"), 302)
    ),
    "GET identity.my_sessions": page("identity.sessions"),
    "POST identity.sign_out_other": form_of("identity.sessions"),
    "POST identity.sign_out_others": form("identity.sessions"),
    "GET identity.my_permissions": page("identity.permissions"),
    "GET identity.acting": page("identity.act"),
    "POST identity.act": form_of("identity.act"),
    "GET identity.providers": page("identity.providers", "it", "secretariat"),
    "GET identity.new_provider": page("identity.providers_region", "secretariat"),
    "POST identity.new_provider": form("identity.providers_region", "secretariat"),
    "POST identity.change_provider": form("identity.providers_region", "secretariat"),
    "GET identity.provider": page("identity.providers", "it", "secretariat"),
    "POST identity.test_provider": form("identity.providers", "it", "secretariat"),
    "POST identity.activate_provider": form("identity.providers", "it", "secretariat"),
    "POST identity.deactivate_provider": form("identity.providers", "it", "secretariat"),
    # A file of the question below: it goes dark with what it is attached to.
    "GET files.show": page_of("files.read"),
    "POST writing.keep": form("writing.drafts"),
    "POST writing.discard": form("writing.drafts"),
    "GET ledger.month": page("ledger.read"),
    "GET ledger.ask": page("ledger.ask"),
    "POST ledger.ask": form("ledger.ask"),
    "GET ledger.show": page_of("ledger.read", seen_by=("staff", "head")),
    # It waits for its answer: there is nothing to ask again.
    "GET ledger.ask_again": page_of("ledger.ask", seen_by=("staff",), staff=CONFLICT),
    "POST ledger.ask_again": form_of("ledger.ask"),
    "POST ledger.withdraw": form_of("ledger.ask"),
    "POST ledger.record": form_of("ledger.ask"),
    "POST ledger.cancel": form_of("ledger.ask"),
    # What nobody joins has no hosts; those who do are tried in tests/core/catalogue.
    "GET ledger.attendance": page("ledger.host", **EVERYBODY_NO_SUCH),
    "POST ledger.confirm_attendance": form_of("ledger.host"),
    "GET ledger.brought_home": page("ledger.read"),
    "POST ledger.bring_home": form_of("ledger.ask"),
    "POST ledger.record_planned": form_of("ledger.ask"),
    # It is not recorded: there is nothing to correct.
    "GET ledger.correct": page_of("ledger.ask", seen_by=("staff",), staff=CONFLICT),
    "POST ledger.correct": form_of("ledger.ask"),
    "POST ledger.withdraw_correction": form_of("ledger.ask"),
    "GET ledger.closing": page("ledger.hr", "hr"),
    "POST ledger.close": form("ledger.hr", "hr"),
    "GET ledger.corrections": page("ledger.hr", "hr"),
    "GET ledger.correction": page_of("ledger.hr", "hr"),
    "POST ledger.approve_correction": form_of("ledger.hr", "hr"),
    "POST ledger.refuse_correction": form_of("ledger.hr", "hr"),
    "GET ledger.late_bases": page("ledger.hr", "hr"),
    "POST ledger.settle_late_base": form_of("ledger.hr", "hr"),
    "GET ledger.disposals": page("ledger.dispose", "hr"),
    # The year is not over: the page says why it cannot be disposed of.
    "GET ledger.propose_disposal": page_of("ledger.dispose", "hr", hr=CONFLICT),
    "POST ledger.propose_disposal": form_of("ledger.dispose", "hr"),
    "GET ledger.disposal": page_of("ledger.dispose", "hr"),
    "POST ledger.disposal_file": form_of("ledger.dispose", "hr"),
    "POST ledger.agree_disposal": form_of("ledger.dispose", "hr"),
    "POST ledger.withdraw_disposal": form_of("ledger.dispose", "hr"),
    "GET ledger.standing_list": page("ledger.read"),
    "GET ledger.standing_new": page("ledger.ask"),
    "POST ledger.standing_new": form("ledger.ask"),
    "GET ledger.standing": page_of("ledger.read", seen_by=("staff", "head")),
    # Only what was returned can be asked for again.
    "GET ledger.standing_again": page_of("ledger.ask", seen_by=("staff",), staff=CONFLICT),
    "POST ledger.standing_again": form_of("ledger.ask"),
    "POST ledger.standing_withdraw": form_of("ledger.ask"),
    "POST ledger.standing_agree": form_of("ledger.decide", "head"),
    "POST ledger.standing_return": form_of("ledger.decide", "head"),
    "POST ledger.standing_decline": form_of("ledger.decide", "head"),
    "POST ledger.standing_revoke": form_of("ledger.decide", "head"),
    "POST ledger.draw": form_of("ledger.ask"),
    "GET ledger.approvals": page("ledger.decide", "head"),
    "POST ledger.agree": form_of("ledger.decide", "head"),
    "POST ledger.return_": form_of("ledger.decide", "head"),
    "POST ledger.decline": form_of("ledger.decide", "head"),
    # The municipalities have no joint requests from the start.
    "GET ledger.ask_together": page("ledger.ask", **dict.fromkeys((*ROLES, "neighbour"), NO_SUCH)),
    "POST ledger.ask_together": form("ledger.ask"),
    # The neighbour is no section's clerk.
    "GET ledger.entering": page("ledger.enter", "clerk", neighbour=FORBIDDEN),
    "POST ledger.entering": form("ledger.enter", "clerk", neighbour=FORBIDDEN),
    "POST ledger.enter_records": form("ledger.enter", "clerk", neighbour=FORBIDDEN),
    "POST ledger.object_to": form_of("ledger.ask"),
    "GET ledger.objections": page("ledger.decide", "head"),
    "GET ledger.transferred": page("ledger.decide", "head"),
    "POST ledger.reagree_all": form("ledger.decide", "head"),
    "POST ledger.reagree": form_of("ledger.decide", "head"),
    "POST ledger.call_off": form_of("ledger.decide", "head"),
    "POST ledger.shorten": form_of("ledger.decide", "head"),
    "POST ledger.revoke": form_of("ledger.decide", "head"),
    "POST ledger.confirm_oral": form_of("ledger.decide", "head"),
    "POST ledger.deny_oral": form_of("ledger.decide", "head"),
    "POST ledger.accept_supplement": form_of("ledger.decide", "head"),
    "POST ledger.refuse_supplement": form_of("ledger.decide", "head"),
    "POST ledger.supplement_seen": form_of("ledger.decide", "head"),
    "POST ledger.agree_to_chosen": form("ledger.decide", "head"),
    "POST ledger.seen": form_of("ledger.decide", "head"),
    "GET ledger.away_month": page("ledger.decide", "head"),
    "GET ledger.slip": page("ledger.decide", "head"),
    "GET ledger.avoid": page("ledger.decide", "head"),
    "POST ledger.avoid": form("ledger.decide", "head"),
    "GET ledger.change_avoidance": page_of("ledger.decide", "head", seen_by=("head",)),
    "POST ledger.change_avoidance": form_of("ledger.decide", "head"),
    "POST ledger.end_avoidance": form_of("ledger.decide", "head"),
    "GET ledger.over_cap_list": page("ledger.decide", "head"),
    "GET ledger.statement": page("ledger.statement"),
    "POST ledger.statement_file": form("ledger.statement"),
    "GET ledger.reports": page("ledger.report", "hr"),
    "GET ledger.report": page("ledger.report", "hr"),
    "POST ledger.report_file": form("ledger.report", "hr"),
    "GET ledger.region_report": page("ledger.report_region", "secretariat"),
    "POST ledger.region_report_file": form("ledger.report_region", "secretariat"),
    # Nothing that consult shares is an offer.
    "GET catalogue.index": page("catalogue.read"),
    "GET catalogue.show": page("catalogue.read", **EVERYBODY_NO_SUCH),
    "GET ledger.rules": page("ledger.settings", "hr"),
    "POST ledger.choose": form("ledger.settings", "hr"),
    "POST ledger.choose_period": form("ledger.settings", "hr"),
    "GET ledger.rates": page("ledger.settings", "hr"),
    "POST ledger.rates": form("ledger.settings", "hr"),
    "GET ledger.end_rate": page_of("ledger.settings", "hr", seen_by=("hr",)),
    "POST ledger.end_rate": form_of("ledger.settings", "hr"),
    "GET ledger.region_rates": page("ledger.region_rate", "secretariat"),
    "POST ledger.region_rates": form("ledger.region_rate", "secretariat"),
    "GET ledger.end_region_rate": page("ledger.region_rate", "secretariat"),
    "POST ledger.end_region_rate": form("ledger.region_rate", "secretariat"),
    "GET ledger.bases": page("ledger.settings", "hr"),
    "POST ledger.bases": form("ledger.settings", "hr"),
    "GET ledger.freezes": page("ledger.settings", "hr"),
    "POST ledger.freezes": form("ledger.settings", "hr"),
    "POST ledger.lift_freeze": form_of("ledger.settings", "hr"),
    "POST ledger.revive": form_of("ledger.decide", "head"),
    "POST ledger.revive_all": form("ledger.decide", "head"),
    "POST catalogue.join": form("ledger.ask"),
    "GET catalogue.board": page("catalogue.read", **EVERYBODY_NO_SUCH),
    # The region has its digest on, and the neighbour is of the same region.
    "GET digest.index": page("digest.read"),
    "GET digest.show": page("digest.read"),
    "GET digest.board": page("digest.read"),
    "GET digest.settings": page("digest.choose", "secretariat"),
    "POST digest.choose": form("digest.choose", "secretariat"),
    "GET digest.town": page("digest.show", "it"),
    "POST digest.choose_town": form("digest.show", "it"),
    "GET admin.features": page("admin.features", "it"),
    "GET admin.confirm_on": page("admin.features", "it"),
    "POST admin.switch_on": form("admin.features", "it"),
    "GET admin.confirm_off": page("admin.features", "it"),
    "POST admin.switch_off": form("admin.features", "it"),
    "GET admin.confirm_pause": page("admin.features", "it"),
    "POST admin.pause": form("admin.features", "it"),
    "POST admin.withdraw": form("admin.features", "it"),
    "POST admin.share_again": form("admin.features", "it"),
    "GET admin.settings": page_of("admin.features", "it", seen_by=()),
    "POST admin.settings": form("admin.features", "it"),
    "GET admin.my_settings": page("admin.my_settings", **EVERYBODY_NO_SUCH),
    "POST admin.my_settings": form("admin.my_settings"),
    "GET admin.health": page("admin.features", "it"),
    "POST admin.try_again": form("admin.features", "it"),
    "GET channels.webhook": page("channels.webhooks", "it"),
    "POST channels.keep_webhook": form("channels.webhooks", "it"),
    "POST channels.test_webhook": form("channels.webhooks", "it"),
    "POST channels.send_webhook_again": form("channels.webhooks", "it"),
    "GET channels.told": page_of("channels.mine", **dict.fromkeys(ROLES, 303)),
    "GET admin.jobs": page("admin.features", "it"),
    "GET admin.job_runs": page("admin.features", "it"),
    "GET admin.job_sending": page("admin.features", "it"),
    "POST admin.run_job": form("admin.features", "it"),
    "POST admin.try_task_again": form_of("admin.features", "it"),
    "POST admin.give_task_up": form_of("admin.features", "it"),
    "GET admin.matrix": page("admin.matrix", "secretariat"),
    "GET admin.audit": page("admin.audit", "auditor"),
    "POST admin.audit_csv": form("admin.audit", "auditor"),
    "GET admin.audit_head": page("admin.audit", "auditor"),
    "GET admin.permissions": page("identity.roles.read", "it", "hr"),
    "GET admin.change_permissions": page("identity.roles", "it"),
    "POST admin.change_permissions": form("identity.roles", "it"),
    "GET admin.roles": page("identity.roles.read", "it", "hr"),
    "POST admin.grant_role": form("identity.roles", "it"),
    "POST admin.revoke_role": form_of("identity.roles", "it"),
    "GET admin.person_permissions": page_of("identity.roles.read", "it", "hr"),
    # The region's: its secretariat in any of its towns gives and takes it, so the neighbour's too.
    "GET admin.region_roles": page("identity.region_roles", "secretariat"),
    "GET admin.grant_region_role": page("identity.region_roles", "secretariat"),
    "POST admin.grant_region_role": form("identity.region_roles", "secretariat"),
    "POST admin.revoke_region_role": form("identity.region_roles", "secretariat"),
    "GET directory.sections": page("directory.read"),
    "GET directory.arrange": page_of("directory.arrange", "head", "hr"),
    "POST directory.give_delegation": form_of("directory.arrange", "head", "hr"),
    "POST directory.end_delegation": form_of("directory.arrange", "head", "hr"),
    "POST directory.name_clerk": form_of("directory.arrange", "head", "hr"),
    "POST directory.end_clerk": form_of("directory.arrange", "head", "hr"),
    "GET directory.people": page("directory.read"),
    "GET admin.import_files": page("directory.import", "hr", "it"),
    "POST admin.send_file": form("directory.import", "hr", "it"),
    # Somebody else's file, like one that is gone, leads back to where one chooses a file.
    "GET admin.preview_import": page("directory.import", "hr", "it", it=303, neighbour=303),
    "POST admin.import_file": form("directory.import", "hr", "it"),
    "POST admin.give_up_import": form("directory.import", "hr", "it"),
    "GET admin.import_list": page("directory.import", "hr", "it", it=303, neighbour=303),
    "GET admin.transfers": page(_TRANSFERS, "hr"),
    "POST admin.send_transfers": form(_TRANSFERS, "hr"),
    "GET admin.check_transfers": page(_TRANSFERS, "hr", neighbour=303),
    "POST admin.keep_transfers": form(_TRANSFERS, "hr"),
    "POST admin.give_up_transfers": form(_TRANSFERS, "hr"),
    "GET admin.transfers_list": page(_TRANSFERS, "hr", neighbour=303),
    "GET admin.sealed_transfers": page_of(_TRANSFERS, "hr"),
    "POST admin.move_release": form_of(_TRANSFERS, "hr"),
    "POST admin.mend_transfers": form_of(_TRANSFERS, "hr"),
    "POST admin.withdraw_transfers": form_of(_TRANSFERS, "hr"),
    "GET admin.transfer_settings": page(_TRANSFERS, "hr"),
    "POST admin.transfer_settings": form(_TRANSFERS, "hr"),
    # Off until a town switches it on (docs/decisions/0018).
    "GET directory.duties": page("directory.duties", **EVERYBODY_NO_SUCH),
    "GET directory.duty": page("directory.duties", **EVERYBODY_NO_SUCH),
    "GET directory.systems": page("directory.duties", **EVERYBODY_NO_SUCH),
    "GET directory.my_duties": page("directory.own_duties"),
    "POST directory.my_duties": form("directory.own_duties"),
    "GET directory.duty_settings": page("directory.choose_duties", "it", "hr"),
    "POST directory.duty_settings": form("directory.choose_duties", "it", "hr"),
    "GET vault.officials": page("vault.officials", "secretariat"),
    "GET vault.name_official": page("vault.officials", "secretariat"),
    "POST vault.name_official": form("vault.officials", "secretariat"),
    "POST vault.withdraw_official": form("vault.officials", "secretariat"),
    "POST vault.opening_rule": form("vault.officials", "secretariat"),
    # Nobody of the table is one of the officials whom the region named.
    "GET vault.openings": page("vault.open", **EVERYBODY_NO_SUCH),
    "GET vault.ask_opening": page("vault.open", **EVERYBODY_NO_SUCH),
    "POST vault.ask_opening": form_of("vault.open"),
    "GET vault.opening": page("vault.open", **EVERYBODY_NO_SUCH),
    "POST vault.agree_opening": form_of("vault.open"),
    "POST vault.opened_author": form_of("vault.open"),
    "GET vault.mine": page("vault.mine"),
    "GET stewardship.my_data": page("stewardship.mine"),
    "POST stewardship.take_my_data": form("stewardship.mine"),
    "GET stewardship.find_person": page("stewardship.people", "hr"),
    "GET stewardship.person": page_of("stewardship.people", "hr"),
    "POST stewardship.take_data": form_of("stewardship.people", "hr"),
    "POST stewardship.erase": form_of("stewardship.people", "hr"),
    "GET stewardship.retention": page("stewardship.retention", "hr"),
    "GET stewardship.rule": page("stewardship.retention", "hr"),
    "POST stewardship.keep_for": form("stewardship.retention", "hr"),
    "GET stewardship.disposals": page("stewardship.retention", "hr"),
    "GET stewardship.disposals_csv": page("stewardship.retention", "hr"),
    "GET calendar.month": page("calendar.read"),
    "GET calendar.week": page("calendar.read"),
    # A question takes place on no day (tests/core/calendar has rows that do).
    "GET calendar.row": page("calendar.read", **EVERYBODY_NO_SUCH),
    "GET calendar.subscription": page("calendar.subscribe"),
    "GET calendar.new_subscription": page("calendar.subscribe"),
    "POST calendar.new_subscription": form("calendar.subscribe"),
    "POST calendar.end_subscription": form("calendar.subscribe"),
    "GET calendar.feed": public(NO_SUCH, NO_SUCH),
    # The neighbour reads nothing that is for this town alone, and has no part in its cases.
    "GET moderation.report": page_of("moderation.report"),
    "POST moderation.report": form_of("moderation.report"),
    "GET moderation.mine": page("moderation.mine"),
    "GET moderation.my_reports": page("moderation.mine"),
    "GET moderation.my_post": page_of("moderation.mine", seen_by=("head",)),
    "POST moderation.object_to": form_of("moderation.mine"),
    "GET moderation.queue": page("moderation.decide", "it"),
    "GET moderation.case": page_of("moderation.decide", "it"),
    "POST moderation.decide": form_of("moderation.decide", "it"),
    # The region's: a post that is for one town alone is never among them.
    "GET moderation.region_queue": page("moderation.region", "secretariat"),
    "GET moderation.region_case": page_of("moderation.region", "secretariat", seen_by=()),
    "POST moderation.region_decide": form_of("moderation.region", "secretariat"),
    "GET channels.inbox": page("channels.mine"),
    "GET channels.unread": page("channels.mine"),
    "GET channels.hidden": page("channels.mine"),
    # It leads to the row that the notice is about; nobody has another's.
    "GET channels.open_notice": page("channels.mine", **EVERYBODY_NO_SUCH | {"staff": 303}),
    "POST channels.mark_read": form_of("channels.mine"),
    "POST channels.mark_all_read": form("channels.mine"),
    "GET channels.my_choices": page("channels.mine"),
    "POST channels.my_choices": form("channels.mine"),
    "GET channels.administer": page("channels.administer", "it"),
    "POST channels.administer": form("channels.administer", "it"),
    "POST channels.send_again": form_of("channels.administer", "it"),
    "POST channels.give_up": form_of("channels.administer", "it"),
    "GET rest.openapi": public(OK, OK),
    "GET rest.me": operation("rest.read"),
    "GET rest.municipalities": operation("rest.read"),
    "GET rest.sections": operation("rest.read"),
    "GET rest.people": operation("rest.read"),
    "GET rest.ledger_month": operation("ledger.read"),
    "GET rest.ledger_activities": operation("ledger.read"),
    "GET rest.ledger_requests": operation("ledger.read"),
    "POST rest.ask": operation("ledger.ask"),
    "GET rest.ledger_request": operation("ledger.read"),
    "POST rest.withdraw": operation("ledger.ask"),
    "POST rest.cancel": operation("ledger.ask"),
    "POST rest.record": operation("ledger.ask"),
    "GET rest.ledger_records": operation("ledger.read"),
    "POST rest.correct": operation("ledger.ask"),
    "POST rest.withdraw_correction": operation("ledger.ask"),
    "GET rest.brought_home": operation("ledger.read"),
    "POST rest.bring_home": operation("ledger.ask"),
    "GET rest.ledger_statement": operation("ledger.statement"),
    "GET rest.waiting": operation("ledger.decide"),
    "POST rest.agree": operation("ledger.decide"),
    "POST rest.return_": operation("ledger.decide"),
    "POST rest.decline": operation("ledger.decide"),
    "POST rest.revoke": operation("ledger.decide"),
    "POST rest.shorten": operation("ledger.decide"),
    "GET rest.answering": operation("ledger.read"),
    "GET rest.waiting_oral": operation("ledger.decide"),
    "POST rest.confirm_oral": operation("ledger.decide"),
    "POST rest.deny_oral": operation("ledger.decide"),
    "GET rest.waiting_supplements": operation("ledger.decide"),
    "POST rest.accept_supplement": operation("ledger.decide"),
    "POST rest.refuse_supplement": operation("ledger.decide"),
    "GET rest.standing_list": operation("ledger.read"),
    "POST rest.ask_standing": operation("ledger.ask"),
    "POST rest.standing_plan": operation("ledger.ask"),
    "GET rest.standing": operation("ledger.read"),
    "POST rest.withdraw_standing": operation("ledger.ask"),
    "GET rest.waiting_standing": operation("ledger.decide"),
    "POST rest.agree_standing": operation("ledger.decide"),
    "POST rest.return_standing": operation("ledger.decide"),
    "POST rest.decline_standing": operation("ledger.decide"),
    "POST rest.revoke_standing": operation("ledger.decide"),
    "GET rest.kinds": operation("rest.read"),
    "GET rest.resources": operation("rest.read"),
    "GET rest.resource": operation("rest.read"),
    "GET rest.my_tokens": page("identity.tokens"),
    "GET rest.new_token": page("identity.tokens"),
    "POST rest.new_token": form("identity.tokens"),
    "POST rest.revoke_token": form_of("identity.tokens"),
    "GET rest.system_tokens": page("identity.system_tokens", "it"),
    "GET rest.new_system_token": page("identity.system_tokens", "it"),
    "POST rest.new_system_token": form("identity.system_tokens", "it"),
    "POST rest.revoke_system_token": form_of("identity.system_tokens", "it"),
    "GET consult.questions": page("consult.read"),
    "GET consult.waiting": page("consult.read"),
    "GET consult.mine": page("consult.read"),
    "GET consult.new_question": page("consult.ask"),
    "POST consult.ask": form("consult.ask"),
    "GET consult.thread": page_of("consult.read"),
    "POST consult.answer": form_of("consult.answer"),
    "POST consult.accept": form_of("consult.ask"),
    **HANDOVER,
    **MENTORING,
    "GET leave_cafe.start": page("leave_cafe.read"),
    "POST leave_cafe.work_out": form("leave_cafe.dates"),
    "POST leave_cafe.calendar": form("leave_cafe.dates"),
    "POST leave_cafe.paper": form("leave_cafe.dates"),
    "GET leave_cafe.experiences": page("leave_cafe.read"),
    "GET leave_cafe.new_experience": page("leave_cafe.write"),
    "POST leave_cafe.write": form("leave_cafe.write"),
    "GET leave_cafe.experience": page_of("leave_cafe.read"),
    "POST leave_cafe.thank": form_of("leave_cafe.write"),
    "GET leave_cafe.change_experience": page_of(
        "leave_cafe.write", **dict.fromkeys(ROLES[1:], FORBIDDEN)
    ),
    "POST leave_cafe.change": form_of("leave_cafe.write"),
    "POST leave_cafe.withdraw": form_of("leave_cafe.write"),
    "GET leave_cafe.rules": page("leave_cafe.read"),
    "POST leave_cafe.confirm": form("leave_cafe.confirm", "hr"),
    "POST leave_cafe.take_back": form("leave_cafe.confirm", "hr"),
    **TOURISM,
}


@pytest.fixture(scope="module")
def visits(database_engines: Engines, lent_application: Lent) -> Iterator[Visits]:
    """One world for the whole table: nobody here is let through to change anything in it."""
    url = database_engines.copy_of("town", prepare_town)
    with lent_application.world(url, FrozenClock(START)) as world:
        yield prepared(world)
    database_engines.drop(url)


@pytest.fixture
def world(visits: Visits) -> World:
    """The world of the table."""
    return visits.world


# Endpoints that want a sign-in within ten minutes.
RECENT = {
    "ledger.propose_disposal",
    "ledger.disposal_file",
    "ledger.agree_disposal",
    "stewardship.take_data",
    "stewardship.erase",
    "stewardship.rule",
    "stewardship.keep_for",
    "admin.audit_csv",
    "channels.webhook",
    "channels.keep_webhook",
    "channels.test_webhook",
    "channels.send_webhook_again",
    "admin.grant_role",
    "admin.preview_import",
    "admin.import_file",
    "admin.import_list",
    "admin.transfers",
    "admin.send_transfers",
    "admin.check_transfers",
    "admin.keep_transfers",
    "admin.transfers_list",
    "admin.sealed_transfers",
    "admin.move_release",
    "admin.mend_transfers",
    "admin.withdraw_transfers",
    "identity.change_provider",
    "identity.test_provider",
    "admin.revoke_role",
    "admin.grant_region_role",
    "admin.revoke_region_role",
    "admin.change_permissions",
    "directory.arrange",
    "directory.give_delegation",
    "directory.name_clerk",
    "identity.new_provider",
    "identity.provider",
    "identity.activate_provider",
    "identity.deactivate_provider",
    "vault.name_official",
    "vault.withdraw_official",
    "vault.opening_rule",
    "vault.ask_opening",
    "vault.agree_opening",
    "vault.opened_author",
    "rest.new_token",
    "rest.new_system_token",
    "calendar.new_subscription",
}


def routes(app: Flask) -> set[str]:
    """Every "METHOD endpoint" that the application answers, without files."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.endswith("static")
    }


def test_every_route_has_its_row_and_every_row_its_route(world: World) -> None:
    assert routes(world.app) == set(TABLE)


def test_every_route_takes_what_its_row_says(world: World) -> None:
    table = world.app.extensions["niwari"].access
    found = {}
    for name in TABLE:
        access = table.of(name.split()[1])
        found[name] = access.permission or (access.public and "public")
    assert found == {name: row.access for name, row in TABLE.items()}


def test_whatever_is_public_says_why(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    reasons = [access.public for access in table.values() if access.public is not None]
    assert len(reasons) == len([row for row in TABLE.values() if row.access == "public"])
    assert all(len(reason) > 10 for reason in reasons)


def test_every_row_says_what_each_visitor_is_answered() -> None:
    assert {name for name, row in TABLE.items() if set(row.answers) != set(VISITORS)} == set()


@pytest.mark.parametrize("visitor", VISITORS)
def test_everybody_gets_the_answer_of_the_table(visits: Visits, visitor: str) -> None:
    expected = {name: row.answers[visitor] for name, row in TABLE.items()}
    found = {
        name: visits.answer(visitor, name, with_token=with_token(visitor, name, answer))
        for name, answer in expected.items()
    }
    assert found == expected


def with_token(visitor: str, name: str, answer: int) -> bool:
    """Whether the neighbour has to get as far as the row that is not theirs."""
    return visitor == "neighbour" and name.startswith("POST ") and answer == NO_SUCH


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_pages_of_a_plugin_that_is_off_are_not_there(visits: Visits, visitor: str) -> None:
    signed_in = visitor not in ("anonymous", "left")
    expected = {
        name: NO_SUCH if signed_in else row.answers[visitor]
        for name, row in TABLE.items()
        if is_of_plugin(visits.world, name)
    }
    with ExitStack() as off:
        for plugin in visits.world.host.optional():
            off.enter_context(switched_off(visits.world, plugin.name))
        assert {name: visits.answer(visitor, name) for name in expected} == expected


# Pages of the core that lead to a row of the plugin, which is not there while it is off.
LEADS_TO_A_ROW = ("GET channels.told",)


def test_everything_else_is_there_while_a_plugin_is_off(visits: Visits) -> None:
    expected = {
        name: row.answers["staff"]
        for name, row in TABLE.items()
        if not is_of_plugin(visits.world, name)
    }
    expected["GET moderation.report"] = NO_SUCH  # of a post of the plugin
    expected |= dict.fromkeys(LEADS_TO_A_ROW, NO_SUCH)
    with switched_off(visits.world, "consult"):
        assert {name: visits.answer("staff", name) for name in expected} == expected


def is_of_plugin(world: World, name: str) -> bool:
    """Whether a route can be switched off, or shows what belongs to a row of one that can."""
    return (
        name == "GET files.show"
        or not world.app.extensions["niwari"].access.of(name.split()[1]).core
    )


def test_what_is_sensitive_asks_again_who_somebody_is(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    assert {endpoint for endpoint, access in table.items() if access.recent} == RECENT


def test_files_alone_are_outside_the_table(world: World) -> None:
    table = world.app.extensions["niwari"].access.by_endpoint
    outside = {rule.endpoint for rule in world.app.url_map.iter_rules()} - set(table)
    assert {endpoint.split(".")[-1] for endpoint in outside} == {"static"}
