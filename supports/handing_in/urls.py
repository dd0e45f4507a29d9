"""Handing in, receipts, and the keys that check them."""

from django.urls import path

from supports.handing_in import receipt_views, views

urlpatterns = [
    path("pasangan/<int:pair_id>/serahkan/", views.hand_in_page, name="hand_in"),
    path("pasangan/<int:pair_id>/serahkan/kemajuan/", views.hand_in_progress, name="hand_in_progress"),
    path("pasangan/<int:pair_id>/serahkan/isi-kembali/", views.redraft_round, name="redraft_round"),
    path("tanda-terima/<int:receipt_id>/", receipt_views.receipt, name="receipt"),
    path("tanda-terima/<int:receipt_id>/tanda-terima.json", receipt_views.receipt_json, name="receipt_json"),
    path("tanda-terima/<int:receipt_id>/tanda-terima.pdf", receipt_views.receipt_pdf, name="receipt_pdf"),
    path("tanda-terima/<int:receipt_id>/baris.jsonl", receipt_views.receipt_rows, name="receipt_rows"),
    path("kunci-tanda-terima/", receipt_views.keys, name="receipt_keys"),
    path("kunci-tanda-terima/pemeriksa.pyz", receipt_views.checker, name="receipt_checker"),
]
