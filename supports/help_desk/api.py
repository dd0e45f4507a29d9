"""Calls of the API about the help desk: the same questions, answers and rights as on the pages."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.queries import pairs_visible_to
from foundation.accounts.matrix import Permission
from foundation.attachments.serving import document_response
from foundation.workflow.table import HELP_THREAD
from supports.help_desk import operations, queries
from supports.help_desk.answers import answers_shown
from supports.help_desk.api_shapes import (
    AnswerShown,
    HandingOn,
    NewThread,
    NewThreadAnswer,
    NewThreadMessage,
    Taking,
    ThreadAnswer,
    ThreadWithMessages,
)
from supports.help_desk.models import Answer, Thread
from supports.help_desk.showing import shown


class ThreadsView(generics.ListAPIView):
    """Pertanyaan kepada help desk: tim sendiri, atau wilayah sendiri; yang terakhir di depan."""

    permissions = {"GET": Permission.VIEW_HELP, "POST": Permission.ASK_HELP}
    serializer_class = ThreadAnswer
    queryset = Thread.objects.none()
    ordering = "-id"

    def get_queryset(self) -> QuerySet[Thread]:
        """Those this user may read, of one state if the address names one."""
        threads = queries.threads_visible_to(self.request.user)
        status = self.request.query_params.get("status")
        return threads.filter(status=status) if status in HELP_THREAD.states else threads

    @extend_schema(parameters=[OpenApiParameter("status", str, enum=list(HELP_THREAD.states))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NewThread, responses={201: ThreadWithMessages}, operation_id="help_threads_create")
    def post(self, request: Request) -> Response:
        """Bertanya kepada KPU tentang pasangan, satu unggahan, atau satu baris."""
        asked = validated(NewThread, request.data)
        pairs = pairs_visible_to(request.user, Permission.ASK_HELP)
        pair = get_object_or_404(pairs, pk=asked["pair"])
        thread = operations.ask(
            pair,
            by=request.user,
            subject=asked["subject"],
            text=asked["text"],
            kind=asked["attached_kind"],
            thing=asked.get("attached_id"),
        )
        return Response(with_messages(thread, request), status=HTTPStatus.CREATED)


def with_messages(thread: Thread, request: Request) -> dict[str, Any]:
    """A thread with its messages, as this reader may read them."""
    thread.entries = shown(thread, request.user).entries
    return ThreadWithMessages(thread).data


class AnswersView(generics.ListAPIView):
    """Jawaban yang sering ditanyakan."""

    permission = Permission.READ_ANSWERS
    serializer_class = AnswerShown
    queryset = Answer.objects.none()
    ordering = "id"

    def get_queryset(self) -> QuerySet[Answer]:
        """Those that are shown; with ``q`` those in which every word of it stands."""
        return answers_shown(self.request.query_params.get("q", "").replace("\x00", "")[:100])

    @extend_schema(parameters=[OpenApiParameter("q", str, description="Kata yang dicari.")], auth=[])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Satu halaman."""
        return super().get(request, *args, **kwargs)


class OfThread(APIView):
    """Calls about one thread."""

    permission = Permission.VIEW_HELP

    def thread(self) -> Thread:
        """The thread of the address, for what this call does. Raises Http404."""
        visible = queries.threads_visible_to(self.request.user, self.permission)
        return get_object_or_404(visible, pk=self.kwargs["thread"])

    def answered(self, thread: Thread, status: int = HTTPStatus.OK) -> Response:
        """As it stands now."""
        current = queries.threads_visible_to(self.request.user).get(pk=thread.pk)
        return Response(with_messages(current, self.request), status=status)


class ThreadView(OfThread):
    """Satu pertanyaan dengan semua tulisannya."""

    @extend_schema(responses=ThreadWithMessages, operation_id="help_threads_retrieve")
    def get(self, request: Request, thread: int) -> Response:
        return self.answered(self.thread())


class ThreadMessagesView(OfThread):
    """Menulis lagi sebagai penanya; pertanyaan yang ditutup dibuka kembali."""

    permission = Permission.ASK_HELP

    @extend_schema(
        request=NewThreadMessage, responses={201: ThreadWithMessages}, operation_id="help_threads_write"
    )
    def post(self, request: Request, thread: int) -> Response:
        found = self.thread()
        operations.write(found, by=request.user, **validated(NewThreadMessage, request.data))
        return self.answered(found, HTTPStatus.CREATED)


class ThreadAnswersView(OfThread):
    """Menjawab, atau bertanya balik; close = true menutupnya sekaligus."""

    permission = Permission.ANSWER_HELP

    @extend_schema(
        request=NewThreadAnswer, responses={201: ThreadWithMessages}, operation_id="help_threads_answer"
    )
    def post(self, request: Request, thread: int) -> Response:
        found = self.thread()
        operations.answer(found, by=request.user, **validated(NewThreadAnswer, request.data))
        return self.answered(found, HTTPStatus.CREATED)


class TakeThreadView(OfThread):
    """Memegang pertanyaan, dari meja atau dari petugas yang disebut."""

    permission = Permission.ANSWER_HELP

    @extend_schema(request=Taking, responses=ThreadWithMessages, operation_id="help_threads_take")
    def post(self, request: Request, thread: int) -> Response:
        found = self.thread()
        operations.take_thread(found, by=request.user, **validated(Taking, request.data))
        return self.answered(found)


class HandOnThreadView(OfThread):
    """Meneruskan pertanyaan kepada kantor lain yang berkepentingan."""

    permission = Permission.ANSWER_HELP

    @extend_schema(request=HandingOn, responses=ThreadWithMessages, operation_id="help_threads_hand_on")
    def post(self, request: Request, thread: int) -> Response:
        found = self.thread()
        operations.hand_on(found, by=request.user, **validated(HandingOn, request.data))
        return self.answered(found)


class CloseThreadView(OfThread):
    """Menutup pertanyaan yang sudah dijawab (KPU)."""

    permission = Permission.ANSWER_HELP

    @extend_schema(request=None, responses=ThreadWithMessages, operation_id="help_threads_close")
    def post(self, request: Request, thread: int) -> Response:
        found = self.thread()
        operations.close_thread(found, by=request.user)
        return self.answered(found)


class EndThreadView(OfThread):
    """Menutup pertanyaan sendiri (penanya)."""

    permission = Permission.ASK_HELP

    @extend_schema(request=None, responses=ThreadWithMessages, operation_id="help_threads_end")
    def post(self, request: Request, thread: int) -> Response:
        found = self.thread()
        operations.close_thread(found, by=request.user)
        return self.answered(found)


class ThreadDocumentView(OfThread):
    """Lampiran satu tulisan."""

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY}, operation_id="help_threads_document"
    )
    def get(self, request: Request, thread: int, number: int) -> HttpResponseBase:
        attached = self.thread().messages.exclude(attachment=None)
        message = get_object_or_404(attached, number=number)
        return document_response(message.attachment, of=message.thread, by=request.user)
