"""汇总.html in a real browser: it asks for nothing, fits a phone, and shows what there is."""

import json
import re
import shutil
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

NASTY = "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">"


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A Chromium: options and an address → what it prints."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium (chromium) is not installed on this machine; CI installs it")
    profile = tmp_path_factory.mktemp("chromium")

    def run(*words, folder=profile):
        base = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        command = [program, *base, f"--user-data-dir={profile}", "--virtual-time-budget=4000", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=folder).stdout

    return run


@pytest.fixture
def page(county, output, batch, unit):
    (county / "城区" / "第1局.xlsx").write_bytes(unit(1, unit_name=f"第1局{NASTY}"))
    (county / "城区" / "坏的 100%#.xlsx").write_bytes(b"PK\x03\x04broken")
    batch(county)
    return output / "汇总.html"


def test_the_page_holds_everything_itself(page):
    text = page.read_text("utf-8")
    assert re.findall(r"https?:|<link|<img|<iframe|@import|url\(", text) == []
    assert "default-src 'none'" in text
    assert text.count("</script>") == 3


def test_the_browser_shows_every_unit_and_runs_nothing_that_was_typed(page, browser):
    shown = browser("--dump-dom", page.as_uri())
    assert "<title>绩效填报汇总</title>" in shown
    assert shown.count("<details>") == 5
    assert "共 5 份" in shown
    for name in ("第2局", "第3局", "第4局", "坏的 100%#.xlsx"):
        assert name in shown


def test_links_lead_to_files_that_are_there(page, browser):
    script = "<script>document.querySelectorAll('details').forEach(d=>{d.open=true})</script></body>"
    # The page's own rules let its scripts run; this one opens every card.
    opened = page.with_name("opened.html")
    opened.write_text(page.read_text("utf-8").replace("</body>", script), "utf-8")
    shown = browser("--dump-dom", opened.as_uri())
    links = re.findall(r'<a href="([^"]+)"', shown)
    assert len(links) == 9

    assert all((page.parent / urllib.parse.unquote(link)).is_file() for link in links)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)], ids=["phone", "desk"])
def test_the_page_fits_the_screen(page, browser, width, height, tmp_path):
    picture = tmp_path / f"{width}.png"
    browser(f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri())
    assert picture.stat().st_size > 10_000
    # In a frame, because headless windows are not made narrower than 500.
    frame = page.with_name("frame.html")
    frame.write_text(
        f'<iframe src="{page.name}" width="{width}" height="{height}" onload="'
        "var d=this.contentDocument.documentElement;document.title=d.scrollWidth+' '+d.clientWidth"
        '"></iframe>',
        "utf-8",
    )
    shown = browser("--allow-file-access-from-files", "--dump-dom", frame.as_uri())
    wide, there = map(int, re.search(r"<title>(\d+) (\d+)</title>", shown).groups())
    assert wide <= there


def test_no_request_leaves_the_page(page, browser):
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.read_bytes())

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    log = page.with_name("net.json")
    try:
        browser(f"--log-net-log={log}", "--dump-dom", f"http://127.0.0.1:{server.server_port}/page.html")
    finally:
        server.shutdown()
        server.server_close()
    assert [path for path in asked if path != "/favicon.ico"] == ["/page.html"]
    text = log.read_text("utf-8")
    assert f"127.0.0.1:{server.server_port}/page.html" in text
    wanted = set(re.findall(r'"initiator":"(http[^"]+)"', text))
    assert {one.split("/")[2] for one in wanted} <= {f"127.0.0.1:{server.server_port}"}


def test_the_totals_are_there_without_scripts(page):
    text = page.read_text("utf-8").partition("<script")[0]
    assert "<b>5</b><span>填报表</span>" in text
    assert "请允许这个网页运行脚本" in text


def test_the_entries_are_json(page):
    text = page.read_text("utf-8")
    found = json.loads(re.search(r'<script id="entries"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
    assert [one[2] in ("made", "draft", "unread") for one in found] == [True] * 5
    assert Path(page.parent / "城区" / "第1局.docx").is_file()
