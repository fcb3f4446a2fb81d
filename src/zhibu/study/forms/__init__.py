"""Forms of study."""

from zhibu.study.forms.hours import ResultsForm, SelfStudyForm, TrainingForm
from zhibu.study.forms.library import MaterialForm, WithdrawForm
from zhibu.study.forms.plans import GoalForm, ItemForms, OutcomeForm, TutorForm, initial_of, items_of
from zhibu.study.forms.trials import AnswerForm, TestForm

__all__ = [
    "AnswerForm",
    "GoalForm",
    "ItemForms",
    "MaterialForm",
    "OutcomeForm",
    "ResultsForm",
    "SelfStudyForm",
    "TestForm",
    "TrainingForm",
    "TutorForm",
    "WithdrawForm",
    "initial_of",
    "items_of",
]
