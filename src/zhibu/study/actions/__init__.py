"""Acts of study."""

from zhibu.study.actions.hours import record_self_study, record_training, take_back_record
from zhibu.study.actions.library import edit_material, publish_material, withdraw_material
from zhibu.study.actions.plans import adopt_plan, change_plan, draft_plan, name_tutor, record_outcome
from zhibu.study.actions.results import import_results, undo_results
from zhibu.study.actions.trials import close_test, take_test, write_test

__all__ = [
    "adopt_plan",
    "change_plan",
    "close_test",
    "draft_plan",
    "edit_material",
    "import_results",
    "name_tutor",
    "publish_material",
    "record_outcome",
    "record_self_study",
    "record_training",
    "take_back_record",
    "take_test",
    "undo_results",
    "withdraw_material",
    "write_test",
]
