"""The topics of questions: duties of a town hall, the use of its systems, the rest (R-010, R-013).

Rows keep the code, so a label may change at any time and a code never.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from niwari.api import Label, checked_choice


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about."""

    code: str
    label: Label


TOPICS = (
    Topic("pay", Label("給与・庶務", "Pay and general affairs")),
    Topic("personnel", Label("人事・研修", "Personnel and training")),
    Topic("documents", Label("文書・法規", "Documents and regulations")),
    Topic("finance", Label("財政・契約", "Finance and contracts")),
    Topic("register", Label("戸籍・住民", "Family and resident registers")),
    Topic("tax", Label("税", "Tax")),
    Topic("welfare", Label("福祉・子育て", "Welfare and childcare")),
    Topic("health", Label("健康・保険・年金", "Health, insurance and pensions")),
    Topic("environment", Label("環境・ごみ", "Environment and waste")),
    Topic("farming", Label("農政", "Agriculture")),
    Topic("commerce", Label("商工・観光", "Commerce and tourism")),
    Topic("works", Label("土木・建築", "Public works and building")),
    Topic("education", Label("教育", "Education")),
    Topic("disaster", Label("防災", "Disaster preparedness")),
    Topic("elections", Label("選挙", "Elections")),
    Topic("publicity", Label("広報・広聴", "Publicity and public hearing")),
    Topic("systems", Label("システム活用", "Using our systems")),
    Topic("other", Label("その他", "Other")),
)

TOPICS_BY_CODE: Mapping[str, Topic] = MappingProxyType({topic.code: topic for topic in TOPICS})

DUTIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pay": ("general_affairs", "payroll"),
        "personnel": ("personnel",),
        "documents": ("legal_affairs", "general_affairs"),
        "finance": ("budget", "contracts", "public_property", "accounting"),
        "register": ("family_register", "resident_records", "individual_number"),
        "tax": ("resident_tax", "fixed_assets_tax", "tax_collection"),
        "welfare": (
            "public_assistance",
            "disability_welfare",
            "elderly_welfare",
            "child_welfare",
            "childcare",
            "child_rearing_support",
        ),
        "health": (
            "health_promotion",
            "immunization",
            "national_health_insurance",
            "late_stage_medical_care",
            "long_term_care_insurance",
            "national_pension",
        ),
        "environment": ("environment", "waste"),
        "farming": ("agriculture", "forestry", "agricultural_committee"),
        "commerce": ("commerce", "tourism"),
        "works": (
            "civil_engineering",
            "roads",
            "city_planning",
            "building",
            "public_housing",
            "water_and_sewerage",
        ),
        "education": ("school_education", "social_education", "cultural_properties", "sports"),
        "disaster": ("disaster_prevention", "fire_corps"),
        "elections": ("elections",),
        "publicity": ("public_relations",),
        "systems": ("information_systems",),
    }
)
"""The standard duties whose people are told of a question, by the code of its topic."""


def checked_topic(code: str, field: str = "topic") -> str:
    """Return ``code``, which is a topic's; raises ``NotChosen`` for ``field`` where it is none."""
    return checked_choice(code, TOPICS_BY_CODE, field)
