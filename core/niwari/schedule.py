"""What the worker does and when: the one place where the areas' jobs are put together."""

from datetime import datetime

from niwari.admin.troubles import tell_troubles
from niwari.audit.sealing import seal_all
from niwari.audit.values import erase_old
from niwari.calendar import feeds
from niwari.channels.installing import make_sender
from niwari.clock import Clock
from niwari.config import Settings
from niwari.digest.making import make_due
from niwari.directory.drafts import purge_drafts
from niwari.directory.every import municipality_ids
from niwari.directory.movements import announce
from niwari.directory.system import system_context
from niwari.directory.transfers.releasing import release_due
from niwari.events import purging as events_purging
from niwari.events.service import deliver_due
from niwari.files.sweeping import sweep, sweep_at_night
from niwari.host import quarantine, rate_limits
from niwari.host.running import running
from niwari.identity.ending import end_with_posts
from niwari.identity.sessions.stored import purge_expired
from niwari.identity.tokens.maker_gone import look_after_makers
from niwari.jobs import service as jobs_service
from niwari.jobs import working
from niwari.jobs.scheduled import declared_jobs
from niwari.jobs.service import Queue, ScheduledJob, make_queue
from niwari.ledger.closing.closing import close_due
from niwari.ledger.deciding.reminding import remind_due
from niwari.ledger.standing.opening import open_periods
from niwari.moderation.sweeping import sweep_at_night as sweep_cases_at_night
from niwari.moderation.telling import tell_late
from niwari.notices import purging as notices_purging
from niwari.search.indexing import index_for_a_while
from niwari.stewardship.disposing import dispose_due
from niwari.vault.making import make_lockers
from niwari.vault.opening import shut
from niwari.vault.publishing import publish_due
from niwari.writing import drafts as writing_drafts


def make_worker_queue(settings: Settings, clock: Clock) -> Queue:
    """Return the queue with the installation's scheduled jobs, for a worker.

    Their labels are in ``niwari.jobs.labels``.
    """
    sender = make_sender(settings, clock)

    def look(now: datetime) -> None:
        sender.wake()
        deliver_due(now)
        publish_due(now)
        index_for_a_while(now)
        working.do_asked(clock)

    def go_on(now: datetime) -> None:
        working.work_off(clock)

    jobs = (
        ScheduledJob("identity.purge_sessions", 10, purge_expired),
        ScheduledJob("directory.purge_drafts", 60, purge_drafts),
        ScheduledJob("identity.end_with_posts", 10, lambda due: end_with_posts(clock())),
        ScheduledJob("calendar.end_with_posts", 10, lambda due: feeds.end_with_posts(clock())),
        ScheduledJob(
            "identity.look_after_makers",
            60,
            lambda due: look_after_makers(clock(), running().host.permissions()),
        ),
        ScheduledJob("audit.seal", 1, lambda due: seal_all(municipality_ids(), clock())),
        ScheduledJob("directory.movements", 10, lambda due: announce(clock())),
        ScheduledJob("directory.transfers", 1, lambda due: release_due(clock())),
        ScheduledJob(
            "audit.erase_old_values", 60, lambda due: erase_old(system_context(clock(), "audit"))
        ),
        ScheduledJob("files.sweep", 10, lambda due: sweep(clock())),
        ScheduledJob("files.sweep_orphans", 60, sweep_at_night),
        ScheduledJob("moderation.sweep", 60, sweep_cases_at_night),
        ScheduledJob("events.deliver", 1, lambda due: deliver_due(clock())),
        ScheduledJob("search.index", 1, lambda due: index_for_a_while(clock())),
        ScheduledJob("channels.send", 1, lambda due: sender.wake()),
        ScheduledJob("notices.purge", 60, notices_purging.purge_old),
        ScheduledJob("events.purge", 60, events_purging.purge_old),
        ScheduledJob(
            "vault.lockers", 60, lambda due: make_lockers(system_context(clock(), "vault"))
        ),
        ScheduledJob("ledger.close", 60, lambda due: close_due(clock())),
        ScheduledJob("digest.make", 10, lambda due: make_due(clock())),
        ScheduledJob("vault.publish", 1, lambda due: publish_due(clock())),
        ScheduledJob("vault.shut", 10, lambda due: shut(system_context(clock(), "vault"))),
        ScheduledJob("stewardship.dispose", 60, lambda due: dispose_due(running(), clock())),
        ScheduledJob("admin.tell", 10, lambda due: tell_troubles(clock())),
        ScheduledJob("moderation.tell", 10, lambda due: tell_late(clock())),
        ScheduledJob("ledger.remind", 60, lambda due: remind_due(clock())),
        ScheduledJob(
            "jobs.purge", 60, lambda due: jobs_service.purge_old(due, declared_jobs(running()))
        ),
        ScheduledJob("writing.purge_drafts", 60, writing_drafts.purge_old),
        ScheduledJob("ledger.open_periods", 60, lambda due: open_periods(clock())),
        ScheduledJob("jobs.purge_tasks", 60, working.purge_tasks),
        ScheduledJob("jobs.work", 1, lambda due: working.work_off(clock)),
        ScheduledJob("host.purge_failures", 60, quarantine.purge_old),
        ScheduledJob("host.purge_rate_counts", 5, rate_limits.purge_old),
    )
    return make_queue(settings, clock, jobs, on_wake=look, on_go_on=go_on)
