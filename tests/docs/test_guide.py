"""The clerk's guide says what the program says and shows what there is."""

import json
import re

import pytest

from perfxl.cli.parser import COMMANDS
from perfxl.report_type import catalog

HOME = catalog.home()
GUIDE = (HOME / "docs" / "guide.md").read_text("utf-8")
MAINTAINERS = (HOME / "docs" / "maintainers.md").read_text("utf-8")
# What is no trouble needs no explanation.
PLAIN = {"title", "saving", "waiting", "open", "more", "page", "go_there", "removed"}


@pytest.mark.parametrize("path", ["templates/macro/macro.json", "templates/macro/addin/addin.json"])
def test_every_message_of_the_macros_is_explained(path):
    texts = json.loads((HOME / path).read_text("utf-8"))["texts"]
    assert [key for key, text in texts.items() if key not in PLAIN and text not in GUIDE] == []


def test_every_picture_is_there_and_small():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", GUIDE)
    assert len(pictures) == 8
    assert all(0 < (HOME / "docs" / picture).stat().st_size < 100_000 for picture in pictures)


def test_every_link_leads_somewhere():
    links = [link for link in re.findall(r"(?<!!)\[[^]]+\]\(([^)]+)\)", GUIDE + MAINTAINERS) if "://" not in link]
    assert all((HOME / "docs" / link).exists() for link in links)


def test_every_command_is_one_of_the_program():
    commands = set(re.findall(r"`?perfxl(?:\" | )([a-z]+)\b", GUIDE + MAINTAINERS))
    assert commands
    assert commands <= set(COMMANDS)
