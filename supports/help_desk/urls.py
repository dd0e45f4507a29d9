"""Pages of the help desk: the team's, the office's, the citizen's, and the answers that everybody reads."""

from django.urls import path

from supports.help_desk import answer_views, citizen_views, desk_views, views

urlpatterns = [
    path("pasangan/<int:pair_id>/bantuan/", views.pair_threads, name="pair_threads"),
    path("pasangan/<int:pair_id>/bantuan/tanya/", views.ask, name="ask_help"),
    path("bantuan/meja/", desk_views.queue, name="help_queue"),
    path("bantuan/utas/<int:thread_id>/", views.thread_page, name="help_thread"),
    path("bantuan/utas/<int:thread_id>/tulis/", views.write, name="write_help"),
    path("bantuan/utas/<int:thread_id>/selesai/", views.close_own_thread, name="close_own_thread"),
    path(
        "bantuan/utas/<int:thread_id>/lampiran/<int:number>/", views.thread_document, name="thread_document"
    ),
    path("bantuan/utas/<int:thread_id>/jawab/", desk_views.answer, name="answer_help"),
    path("bantuan/utas/<int:thread_id>/ambil/", desk_views.take_thread, name="take_thread"),
    path("bantuan/utas/<int:thread_id>/lepas/", desk_views.release_thread, name="release_thread"),
    path("bantuan/utas/<int:thread_id>/teruskan/", desk_views.hand_on, name="hand_on_thread"),
    path("bantuan/utas/<int:thread_id>/tutup/", desk_views.close_thread, name="close_thread"),
    path("bantuan/tanya/", citizen_views.ask_as_citizen, name="ask_as_citizen"),
    path("bantuan/terkirim/", citizen_views.question_sent, name="question_sent"),
    path("bantuan/pertanyaan/", citizen_views.citizen_thread, name="citizen_thread"),
    path("bantuan/pertanyaan/tulis/", citizen_views.write_as_citizen, name="write_as_citizen"),
    path("bantuan/pertanyaan/selesai/", citizen_views.close_as_citizen, name="close_as_citizen"),
    path(
        "bantuan/pertanyaan/lampiran/<int:number>/", citizen_views.citizen_document, name="citizen_document"
    ),
    path("bantuan/jawaban/", answer_views.answer_list, name="answer_list"),
    path("bantuan/jawaban/baru/", answer_views.new_answer, name="new_answer"),
    path("bantuan/jawaban/<int:answer_id>/", answer_views.change_answer, name="change_answer"),
    path("bantuan/jawaban/<int:answer_id>/tarik/", answer_views.withdraw_answer, name="withdraw_answer"),
    path("bantuan/", answer_views.answer_search, name="answers"),
    path("bantuan/<slug:slug>/", answer_views.answer_page, name="answer"),
]
