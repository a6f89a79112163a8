"""What municipal IT reads of the installation's own jobs."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

CORE_JOBS: Mapping[str, Label] = MappingProxyType(
    {
        "audit.erase_old_values": Label(
            "監査の記録にある古い値の消去", "Erase old values of the audit"
        ),
        "audit.seal": Label("監査の記録への封", "Seal the audit"),
        "channels.send": Label("お知らせの送信", "Send notices"),
        "digest.make": Label("広域通信の発行", "Make the regional digest"),
        "directory.movements": Label("異動の知らせ", "Announce transfers"),
        "directory.purge_drafts": Label(
            "取り込まなかったファイルの片付け", "Remove files that were never imported"
        ),
        "directory.transfers": Label("預かった異動の内示", "Release kept transfers"),
        "events.deliver": Label("機能どうしの連絡", "Deliver events between features"),
        "events.purge": Label("終わった連絡の片付け", "Remove delivered events"),
        "host.purge_failures": Label("古い不具合の記録の片付け", "Remove old failures"),
        "host.purge_rate_counts": Label("回数制限の記録の片付け", "Remove counts of rate limits"),
        "identity.end_with_posts": Label(
            "異動・退職した職員のサインインの終了", "End sessions of people who left"
        ),
        "identity.look_after_makers": Label(
            "作った人が担当でなくなったトークンの確認",
            "Look after tokens whose maker is no longer in charge",
        ),
        "identity.purge_sessions": Label(
            "期限の切れたサインインの片付け", "Remove expired sessions"
        ),
        "jobs.purge": Label("実行の記録の片付け", "Remove old runs"),
        "jobs.purge_tasks": Label("終わった処理の片付け", "Remove finished tasks"),
        "jobs.work": Label("機能の処理の開始", "Start the work of features"),
        "admin.tell": Label("情報担当への不具合のお知らせ", "Tell municipal IT what does not work"),
        "ledger.close": Label("20%の時間の月の締め", "Close the month of 20% time"),
        "ledger.remind": Label(
            "答えが遅れている申込みのお知らせ", "Remind heads of requests that wait for an answer"
        ),
        "moderation.tell": Label("確認担当へのお知らせ", "Tell moderators what waits"),
        "notices.purge": Label("古いお知らせの片付け", "Remove old notices"),
        "calendar.end_with_posts": Label(
            "退職した職員の購読用アドレスの終了", "End calendar addresses of people who left"
        ),
        "files.sweep": Label(
            "使われなかった添付ファイルの片付け", "Remove files that were never attached"
        ),
        "files.sweep_orphans": Label(
            "元の投稿がない添付ファイルの片付け", "Remove files whose post is gone"
        ),
        "moderation.sweep": Label(
            "元の投稿がない報告の片付け", "Remove reports whose post is gone"
        ),
        "search.index": Label("「探す」で使う索引の更新", "Index what changed for searching"),
        "stewardship.dispose": Label(
            "保存期間を過ぎたデータの廃棄", "Dispose of data whose time is over"
        ),
        "writing.purge_drafts": Label("古い下書きの片付け", "Remove old drafts"),
        "vault.lockers": Label(
            "名前を出さずに書くための準備", "Prepare for writing without a name"
        ),
        "vault.publish": Label(
            "名前を出さずに書かれたものの公開", "Publish what was written without a name"
        ),
        "vault.shut": Label(
            "開示が終わった書き手の情報の消去", "Remove authors whose disclosure is over"
        ),
        "ledger.open_periods": Label(
            "残りが足りない包括了承の予定の停止",
            "Suspend standing agreements that a month cannot hold",
        ),
    }
)
"""By name; a test says where one is missing."""
