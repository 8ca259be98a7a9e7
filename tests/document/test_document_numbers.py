"""Numbers stay whole at the ends of lines, in the documents of the examples as LibreOffice prints them."""

import re
import shutil
import subprocess
from itertools import pairwise

import pytest

from perfxl.report_type import catalog

EXAMPLES = sorted((catalog.home() / "examples").glob("*.docx"))
# A line that ends in a number, and one that goes on with it; entries of 目录 end in a page number.
ENDS = re.compile(r"(?<!\.)[0-9][0-9.]*$")
GOES_ON = re.compile(r"[0-9]+(?:%|年|月|日|分|元|万|号)|%")


@pytest.mark.office
@pytest.mark.parametrize("document", EXAMPLES, ids=lambda path: path.stem)
def test_no_number_is_split_over_two_lines(document, tmp_path):
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice and pdftotext are not installed on this machine; CI installs them")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(document)]
    subprocess.run(words, check=True, capture_output=True)
    pdf = tmp_path / document.with_suffix(".pdf").name
    text = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert len(lines) > 50
    split = [(one, two) for one, two in pairwise(lines) if ENDS.search(one) and GOES_ON.match(two)]
    assert split == []
