"""The kinds of notices by which municipal IT is told of what does not work."""

from niwari.specs.contributions import Label, NoticeKind

DARK_PART = NoticeKind(
    "admin.dark",
    Label(
        "不具合で機能の一部を止めたとき（情報担当）",
        "When a part of a feature is stopped because it kept failing (for municipal IT)",
    ),
    Label(
        "不具合が続いたため、「%(feature)s」の一部を止めました。時間をおいて自動で試します。"
        "「機能の調子」で確かめてください。",
        "A part of “%(feature)s” kept failing and was stopped. It is tried again by itself after a "
        "while. See “Feature health”.",
    ),
    ("feature",),
    endpoint="admin.health",
)
JOB_FAILED = NoticeKind(
    "admin.job_failed",
    Label(
        "定期処理が3回続けて失敗したとき（情報担当）",
        "When a job fails three times in a row (for municipal IT)",
    ),
    Label(
        "定期処理「%(job)s」が3回続けて失敗しました。「定期処理と動作状況」で確かめてください。",
        "The job “%(job)s” failed three times in a row. See “Jobs and health”.",
    ),
    ("job",),
    endpoint="admin.jobs",
)
KINDS = (DARK_PART, JOB_FAILED)
