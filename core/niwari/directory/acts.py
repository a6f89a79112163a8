"""What people call the acts of the directory in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "directory.import": Label("職員と所属を取り込んだ", "Imported people and sections"),
        "directory.import_refused": Label(
            "ほかの市町村の職員を取り込もうとして、断られた",
            "Was refused the import of another municipality's people",
        ),
        "directory.merge": Label("市町村を合併した", "Merged a municipality into another"),
        "directory.rename": Label(
            "市町村のコードと名前を変えた", "Changed a municipality's code and name"
        ),
        "directory.sections": Label(
            "組織の変更を取り込んだ", "Imported changes of the organisation"
        ),
        "directory.delegate": Label("代決者を決めた", "Named somebody who stands in"),
        "directory.end_delegation": Label("代決者を外した", "Ended somebody's standing in"),
        "directory.name_clerk": Label("庶務担当を決めた", "Named a section clerk"),
        "directory.end_clerk": Label("庶務担当を外した", "Ended a section clerk's time"),
        "directory.duties_choose": Label(
            "担当者名簿の設定を変えた", "Changed the settings of the list of duties"
        ),
        "directory.transfers_choose": Label(
            "「異動の予定」を使うかどうかを変えた", "Changed whether “Planned transfers” is used"
        ),
        "directory.transfers_keep": Label("内示前の異動を預けた", "Kept transfers sealed"),
        "directory.transfers_refuse": Label(
            "預けられない異動のファイルを預けようとした",
            "Tried to keep transfers that cannot be kept",
        ),
        "directory.transfers_open": Label("内示前の異動を開いた", "Opened sealed transfers"),
        "directory.transfers_move": Label(
            "内示の日時を変えた", "Moved the release of sealed transfers"
        ),
        "directory.transfers_replace": Label(
            "内示前の異動を差し替えた", "Replaced sealed transfers"
        ),
        "directory.transfers_withdraw": Label(
            "内示前の異動を取り下げ、消した", "Withdrew sealed transfers, which were erased"
        ),
        "directory.transfers_end": Label(
            "合併で終わった市町村の内示前の異動を消した",
            "Erased the sealed transfers of a municipality that was merged",
        ),
        "directory.transfers_release": Label(
            "異動を内示し、預かったファイルを消した",
            "Released sealed transfers, whose file was erased",
        ),
        "directory.transfers_stuck": Label(
            "異動を内示できなかった", "Could not release sealed transfers"
        ),
        "directory.my_duties": Label("自分の業務を書いた", "Said what one does oneself"),
        "directory.take_back": Label(
            "誤って登録した市町村を取り消した", "Took back a municipality made by mistake"
        ),
        "region.join": Label("広域圏に加わった", "Joined a region"),
        "region.leave": Label("広域圏から外れた", "Left a region"),
        "plugin.on": Label("機能を使えるようにした", "Switched a feature on"),
        "plugin.off": Label("機能を使わない設定にした", "Switched a feature off"),
        "plugin.paused": Label("機能を休止した", "Paused a feature"),
    }
)
