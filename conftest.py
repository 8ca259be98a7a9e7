"""What holds for every test: a skip states its reason, and nothing that needs the office program skips on the gate."""

import os
import shutil

import pytest

_SHORTEST_REASON = 20  # characters: a sentence, not a word


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Tests neither use nor change what the user's runs have kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERFXL_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept-golden", action="store_true", help="keep the documents of now as golden ones, and fail")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if len(reason) < _SHORTEST_REASON:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped without a sentence of a reason: {reason!r}"
    elif os.environ.get("CI") == "true" and ("office" in report.keywords or "CI installs" in reason):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} may not skip here: {reason}"


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """A running LibreOffice."""
    from office import Office

    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed on this machine; CI installs it")
    program = Office(tmp_path_factory.mktemp("office"))
    yield program
    program.close()
