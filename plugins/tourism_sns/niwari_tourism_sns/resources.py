"""The rows of local attractions that others may point to."""

from dataclasses import replace
from uuid import uuid4

from niwari.api import (
    Appointment,
    AppointmentRef,
    Context,
    Label,
    MunicipalityRef,
    Part,
    Resource,
)
from niwari_tourism_sns.models import Account, Comment, Post, Route, Spot
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service import (
    accounts,
    helping,
    posts,
    reading_along,
    releasing,
    routes,
    spots,
)
from niwari_tourism_sns.service.posts import Begun
from niwari_tourism_sns.service.reading_along import towns_to_ask
from niwari_tourism_sns.service.routes import Planned
from niwari_tourism_sns.service.sight import ACCOUNT, POST, ROUTE, SPOT
from niwari_tourism_sns.service.spots import Written, audiences


def _sample_spot(ctx: Context, name: str = "開成山公園の桜") -> int:
    written = Written(
        name=name,
        kind="flowers",
        place="開成一丁目",
        checked_on=ctx.today,
        months=("4",),
        best_days="4月上旬から中旬",
        access="郡山駅からバスで10分",
        story="約1,300本の桜が咲きます。",
        contact="観光課（内線2345）",
        audience=audiences(ctx)[-1],
    )
    return spots.add_spot(ctx, written, form_key=str(uuid4()))


def _sample_route(ctx: Context) -> int:
    stops = (_sample_spot(ctx, "布引高原の風車"), _sample_spot(_next_door(ctx), "翠ヶ丘公園の松"))
    route_id = routes.add_route(
        ctx, Planned("桜をめぐる一日", "二つの町の桜をめぐります。", stops), form_key=str(uuid4())
    )
    call = helping.Call(120, 3, ctx.today.replace(day=28), "写真を撮って文章を直します。")
    helping.look_for_help(ctx, route_id, call)
    return route_id


def _next_door(ctx: Context) -> Context:
    """Return the same circumstances in another town: a route goes through two, and a sample has one."""
    post = (
        Appointment.select()
        .where(Appointment.municipality.in_(list(towns_to_ask(ctx))))
        .order_by(Appointment.id)
        .first()
    )
    town = post.municipality
    return replace(
        ctx,
        municipality=MunicipalityRef(
            town.id, town.code, town.name, town.revision, ctx.municipality.region_id
        ),
        appointment=AppointmentRef(
            post.id, post.person_id, post.person.name, post.section_id, post.section.name
        ),
    )


def _sample_account(ctx: Context) -> int:
    return accounts.add_account(
        ctx,
        network="x",
        handle=f"@sample_{uuid4().hex[:8]}",
        policy="市の行事と見どころを知らせます。平日に確認します。",
        audience=audiences(ctx)[-1],
        form_key=str(uuid4()),
    )


def _sample_post(ctx: Context) -> int:
    begun = Begun(
        "桜が見ごろです", (_sample_account(ctx),), spot_id=_sample_spot(ctx, "猪苗代湖の白鳥")
    )
    post_id = posts.begin_post(ctx, begun, form_key=str(uuid4()))
    if towns := towns_to_ask(ctx):
        reading_along.ask_to_read(ctx, post_id, list(towns))
    releasing.ask_release(ctx, post_id, version=1)
    return post_id


def _sample_comment(ctx: Context, post_id: int) -> int:
    return reading_along.comment(
        ctx, post_id, text="駐車場のことも書くと親切です。", form_key=str(uuid4())
    )


COMMENT = Part(
    kind="tourism_sns.comment",
    model=Comment,
    parent="post",
    label=Label("下書きへの意見", "Comment on a draft"),
    text=lambda comment: str(comment.text),
    anchor=lambda comment: f"comment-{comment.id}",
    author=lambda comment: comment.author_id,
    sample=_sample_comment,
)

RESOURCES = (
    Resource(
        kind=SPOT,
        model=Spot,
        label=Label("見どころ", "Spot"),
        endpoint="tourism_sns.spot",
        key="spot_id",
        title=lambda spot: str(spot.name),
        text=lambda spot: "\n".join((spot.place, spot.best_days, spot.access, spot.story)),
        author=lambda spot: spot.author_id,
        sample=_sample_spot,
    ),
    Resource(
        kind=ROUTE,
        model=Route,
        label=Label("周遊ルート", "Route"),
        endpoint="tourism_sns.route",
        key="route_id",
        title=lambda route: str(route.title),
        text=lambda route: "\n".join((route.text, route.help_text)),
        author=lambda route: route.author_id,
        hold=helping.hold,
        sample=_sample_route,
    ),
    Resource(
        kind=ACCOUNT,
        model=Account,
        label=Label("SNSのアカウント", "Social media account"),
        endpoint="tourism_sns.account",
        key="account_id",
        title=lambda account: f"{NETWORKS[account.network].label.ja} {account.handle}",
        text=lambda account: str(account.policy),
        author=lambda account: account.author_id,
        sample=_sample_account,
    ),
    Resource(
        kind=POST,
        model=Post,
        label=Label("SNSの投稿", "Social media post"),
        endpoint="tourism_sns.post",
        key="post_id",
        title=lambda post: str(post.title),
        text=lambda post: str(post.title),
        dated=lambda post: post.planned_on,
        author=lambda post: post.author_id,
        parts=(COMMENT,),
        sample=_sample_post,
    ),
)
