import pytest

from crossdock.cli.runs import shown_progress
from crossdock.flows.orders.report import Report


def shown(report: Report, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with shown_progress("sg/stock", as_json=False) as show:
        show(report)
    return capsys.readouterr().err


def test_the_time_that_is_left_is_told_as_the_run_reckons_it(monkeypatch, capsys):
    report = Report("sg")
    report.advance(0.1, 3_725.0)
    assert "1:02:05" in shown(report, monkeypatch, capsys)


def test_no_time_is_told_before_anybody_can_say(monkeypatch, capsys):
    assert "left:" in shown(Report("sg"), monkeypatch, capsys)
