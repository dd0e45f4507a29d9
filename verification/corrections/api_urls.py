"""Calls of the API about corrections."""

from django.urls import path

from verification.corrections import api

OF = "submissions/<int:submission>/review/corrections/"
ONE = "corrections/<int:correction>/"

urlpatterns = [
    path(OF, api.CorrectionsView.as_view(), name="api_corrections"),
    path(f"{OF}preview/", api.CorrectionPreviewView.as_view(), name="api_correction_preview"),
    path(ONE, api.CorrectionView.as_view(), name="api_correction"),
    path(f"{ONE}letter/", api.CorrectionLetterView.as_view(), name="api_correction_letter"),
    path(f"{ONE}approve/", api.ApproveCorrectionView.as_view(), name="api_approve_correction"),
    path(f"{ONE}refuse/", api.RefuseCorrectionView.as_view(), name="api_refuse_correction"),
    path(f"{ONE}resume/", api.ResumeCorrectionView.as_view(), name="api_resume_correction"),
]
