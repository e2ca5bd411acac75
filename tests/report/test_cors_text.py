"""`netviz cors` for people, and `--codes`: what is printed of a decision, and of every reason there is."""

import json
from pathlib import Path

import pytest

from netviz.cli.main import main
from netviz.report.cors_codes import codes

CAPTURES = Path(__file__).parents[2] / "captures"
BLOCKED = str(CAPTURES / "cors-preflight-blocked.pcap")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    main([*arguments])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("language", "facts"),
    [
        ("en", "preflighted request · preflight seen · credentials not known · certain: the bytes say so"),
        (
            "ko",
            "사전 요청이 필요한 요청 · 사전 요청 확인됨 · 자격 증명 여부를 알 수 없음 · 확실: 바이트로 확인됩니다",
        ),
    ],
)
def test_a_decision_says_its_kind_and_how_sure_it_is(
    language: str, facts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = printed(capsys, "cors", BLOCKED, "--lang", language)
    head = next(index for index, line in enumerate(lines) if line.startswith("[2] PUT"))
    assert lines[head + 1].strip() == facts


def test_a_rule_that_a_start_line_decides_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "cors", BLOCKED, "--lang", "en")
    assert "    ✓ R29  #28 [66–89] The preflight's status 204 is between 200 and 299." in lines
    whole = printed(capsys, "cors", BLOCKED, "--lang", "en", "--fetch", "2")
    assert sum("is between 200 and 299" in line for line in whole) == 1


def test_codes_are_found_by_either_browsers_name_and_by_meaning() -> None:
    assert "HeaderDisallowedByPreflightResponse" in codes("CORSMissingAllowHeaderFromPreflight")
    assert codes("wildcardorigin") == ["WildcardOriginNotAllowed", "PreflightWildcardOriginNotAllowed"]
    assert "PreflightDisallowedRedirect" in codes("리다이렉트")
    assert codes("no such word") == []


def test_codes_are_told_without_a_capture(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cors", "--codes", "DisallowedByMode", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "No capture can show it" in out and out.endswith("Codes: 1\n")
    assert main(["cors", "--codes", "no such word"]) == 1


def test_codes_as_json_have_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cors", "--codes", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["codes"]
    assert len(found) == len(codes()) > 20
    assert all(each["meaning"]["ko"] and each["mend"]["en"] for each in found)
    assert [each["code"] for each in found if not each["on_the_wire"]] == [
        "DisallowedByMode", "NoCorsRedirectModeNotFollow",
    ]  # fmt: skip
