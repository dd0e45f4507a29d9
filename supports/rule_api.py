"""Calls of the API about the rules by which rows are checked, and about single NIKs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from candidates.api import validated
from candidates.rule_sets import DEFAULT_EFFECTS, EFFECTS, SHIPPED
from foundation.accounts.access import may
from foundation.accounts.matrix import Permission
from supports import nik
from supports.api import said
from supports.api_fields import TextOnly
from supports.api_shapes import FindingAnswer
from supports.rules import BY_CODE, RULES, TEAM, Rule


class RuleAnswer(serializers.Serializer):
    """One rule: what it says, what to do, why, and what it leads to."""

    code = serializers.CharField()
    field = serializers.CharField(allow_blank=True, help_text="Isian yang dimaksud; kosong: seluruh baris.")
    title = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()
    basis = serializers.CharField(help_text="Dasar hukum.")
    effects = serializers.DictField(
        child=serializers.ChoiceField(EFFECTS), help_text="Kumpulan aturan → akibat."
    )
    effects_in_rounds = serializers.DictField(
        child=serializers.DictField(child=serializers.ChoiceField(EFFECTS)),
        help_text="Kumpulan aturan → putaran → akibat, bila berbeda.",
    )


class RulePage(serializers.Serializer):
    """Every rule, on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RuleAnswer(many=True)


class NikQuestion(serializers.Serializer):
    """One NIK, and what stands beside it in the row."""

    nik = TextOnly(allow_blank=True, trim_whitespace=False, max_length=200)
    sex = serializers.ChoiceField(["L", "P"], required=False, allow_null=True)
    birth_date = serializers.DateField(required=False, allow_null=True)


class NikAnswer(serializers.Serializer):
    """What a NIK says. ``valid``: it could be a real one."""

    valid = serializers.BooleanField()
    birth_date = serializers.DateField(allow_null=True)
    sex = serializers.CharField(allow_null=True)
    region_code = serializers.CharField(allow_blank=True, help_text="Awalan terpanjang yang dikenal.")
    findings = FindingAnswer(many=True)


class RulesView(APIView):
    """Aturan pemeriksaan: arti, yang harus dilakukan, dasar hukum, dan akibatnya menurut kumpulan aturan."""

    permission = Permission.VIEW_RULES

    @extend_schema(responses=RulePage, operation_id="rules_list")
    def get(self, request: Request) -> Response:
        officer = may(request.user, Permission.VIEW_PAIR_MATCHES)
        rules = [_explained(rule) for rule in RULES if officer or rule.audience == TEAM]
        return Response({"next": None, "previous": None, "results": RuleAnswer(rules, many=True).data})


def _explained(rule: Rule) -> dict[str, Any]:
    """A rule with its effect in each shipped rule set, and in the rounds where that differs."""
    effects = {code: rules.effect(rule.code) for code, rules in SHIPPED.items()}
    in_rounds = {
        code: {
            one.key: rules.effect(rule.code, one.key)
            for one in rules.rounds
            if rules.effect(rule.code, one.key) != effects[code]
        }
        for code, rules in SHIPPED.items()
    }
    differing = {code: rounds for code, rounds in in_rounds.items() if rounds}
    return {**vars(rule), "effects": effects, "effects_in_rounds": differing}


class NikCheckView(APIView):
    """Memeriksa bentuk satu NIK; tidak ada yang disimpan."""

    permission = Permission.CHECK_NIK

    @extend_schema(request=NikQuestion, responses=NikAnswer, operation_id="nik_check")
    def post(self, request: Request) -> Response:
        asked = validated(NikQuestion, request.data)
        found = nik.parse(asked["nik"], sex=asked.get("sex"), birth_date=asked.get("birth_date"))
        findings = said([BY_CODE[code] for code in found.codes], DEFAULT_EFFECTS)
        return Response(NikAnswer({**vars(found), "findings": findings}).data)
