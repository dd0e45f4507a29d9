"""Calls of the API about handing in and receipts."""

from django.urls import path

from supports.handing_in import api

urlpatterns = [
    path("pairs/<int:pair>/submissions/", api.SubmissionsView.as_view(), name="api_submissions"),
    path("submissions/<int:submission>/", api.SubmissionView.as_view(), name="api_submission"),
    path("submissions/<int:submission>/redraft/", api.RedraftView.as_view(), name="api_redraft"),
    path("submissions/<int:submission>/receipt/", api.ReceiptView.as_view(), name="api_receipt"),
    path("submissions/<int:submission>/receipt.pdf", api.ReceiptPdfView.as_view(), name="api_receipt_pdf"),
    path("submissions/<int:submission>/rows.jsonl", api.ReceiptRowsView.as_view(), name="api_receipt_rows"),
    path("receipt-keys/", api.ReceiptKeysView.as_view(), name="api_receipt_keys"),
]
