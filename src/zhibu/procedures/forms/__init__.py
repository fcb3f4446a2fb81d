"""Forms whose fields come from the rulebook."""

from zhibu.procedures.forms.cases import (
    CaseForm,
    EndForm,
    ExportForm,
    HappeningForm,
    PaperForm,
    ReverseForm,
    TransferForm,
)
from zhibu.procedures.forms.steps import BulkForm, NoticeForm, StepForm

__all__ = [
    "BulkForm",
    "CaseForm",
    "EndForm",
    "ExportForm",
    "HappeningForm",
    "NoticeForm",
    "PaperForm",
    "ReverseForm",
    "StepForm",
    "TransferForm",
]
