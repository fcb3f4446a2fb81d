"""What the room of study keeps. Hours of meetings are not kept again: they are read from the attendance of `life`."""

from zhibu.study.models.library import Audience, Material, MaterialKind, MaterialTag, Subject
from zhibu.study.models.plans import PastStudyPlanItem, PlanWay, StudyPlan, StudyPlanItem, TutorTurn
from zhibu.study.models.records import PastStudyRecord, StudyKind, StudyRecord
from zhibu.study.models.trials import SelfTest, SelfTestResult

__all__ = [
    "Audience",
    "Material",
    "MaterialKind",
    "MaterialTag",
    "PastStudyPlanItem",
    "PastStudyRecord",
    "PlanWay",
    "SelfTest",
    "SelfTestResult",
    "StudyKind",
    "StudyPlan",
    "StudyPlanItem",
    "StudyRecord",
    "Subject",
    "TutorTurn",
]
