"""What somebody ends in another of their towns stands in the audit of that town."""

from dataclasses import replace

import pytest

from niwari.audit.models import AuditEntry
from niwari.identity.models import Session
from niwari.identity.sessions.own import end_other
from niwari.identity.sessions.stored import open_session
from niwari.identity.tokens.service import revoke_token
from niwari.testing.world import MIHARU, World
from tests.core.identity.rogue import Rogue, give_post, made, town_id

STAFF = "staff@koriyama"


@pytest.fixture
def second_post(world: World) -> int:
    """The post of staff@koriyama in 三春町."""
    return give_post(world, STAFF, MIHARU)


def towns_of(action: str) -> list[int]:
    rows = AuditEntry.select().where(AuditEntry.action == action).order_by(AuditEntry.id)
    return [row.municipality_id for row in rows]


def test_a_session_that_is_ended_stands_in_the_audit_of_its_town(
    world: World, second_post: int
) -> None:
    world.client_for(STAFF)
    open_session(world.settings, world.clock(), appointment_id=second_post, issuer=world.issuer)
    this, other = (row.id for row in Session.select().order_by(Session.id))
    end_other(world.ctx_for(STAFF), other, this=this)
    assert towns_of("identity.sign_out_other") == [town_id(MIHARU)]


def test_a_token_that_is_revoked_stands_in_the_audit_of_its_town(
    world: World, second_post: int
) -> None:
    token = made(replace(Rogue.of(world).ctx(STAFF, second_post), issuer=world.issuer), 1)
    revoke_token(world.ctx_for(STAFF), token)
    assert towns_of("identity.revoke_token") == [town_id(MIHARU)]
