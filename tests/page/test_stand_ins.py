"""What stands in for lxml and docxtpl in the page reads Word templates as the real ones do."""

import shutil
import subprocess
import sys
from pathlib import Path

import docxtpl
import pytest
from plans import HOME

from perfxl.document.package.docx_zip import read_parts
from perfxl.storage.zip_archive import write_parts
from tools import page_parts

TEMPLATES = [*sorted((HOME / "templates").glob("*.docx")), HOME / "tests/types/templates/meeting_notes.docx"]
AUTHOR = 'w:id="1" w:author="张三" w:date="2025-01-01T00:00:00Z"'
# Each is put before the first paragraph of a template: what is asked of a tree while a template is made ready.
PIECES = {
    "inserted and deleted": f"<w:p><w:del {AUTHOR}><w:r><w:delText>乙</w:delText></w:r></w:del>"
    f"<w:ins {AUTHOR}><w:r><w:t>甲</w:t></w:r></w:ins></w:p>",
    "a deleted end": f"<w:p><w:pPr><w:rPr><w:del {AUTHOR}/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>",
    "signs": "<w:p><w:r><w:t xml:space='preserve'> &amp;&lt;&gt;&quot;\"&#13;&#10;&#9;𠮷 </w:t></w:r></w:p>",
    "attributes": "<w:p w:a='&quot;&lt;&#10;&#9;&#13;&gt;'  w:b=\"'\"/>",
    "a comment and an instruction": "<w:p><!-- 注 --><?mark?><?mark two?><w:r><w:t>甲<![CDATA[&<]]></w:t></w:r></w:p> ",
    "spaces": '<w:p><x:y xmlns:x="urn:x" x:z="1"><z xmlns="urn:z"><a xmlns=""/></z></x:y></w:p>',
    "no tag": "<w:p><w:r><w:t>{{ nothing</w:t></w:r></w:p>",
    "not closed": "<w:p><w:r>",
    "an unknown prefix": "<w:p><q:r/></w:p>",
    "the same twice": '<w:p w:a="1" w:a="2"/>',
}
PROGRAM = """
import sys
from hashlib import sha256
from pathlib import Path
from perfxl.document.template.fault import TemplateFault
from perfxl.document.template.word_template import compiled
import lxml.etree
for path in sys.argv[1:]:
    try:
        word = compiled(Path(path).read_bytes())
        said = [(part.name, part.source) for part in word.compiled], dict(word.parts), dict(word.numbered)
        shapes = word.layout.shapes
        laid_out = shapes.plain, shapes.default, sorted(shapes.styles.items())
        print(sha256(repr((said, word.contents, laid_out)).encode()).hexdigest())
    except TemplateFault as fault:
        # What is wrong with the XML, each parser says in its own words.
        print(str(fault).partition("XML（")[0])
print("stand-in" if "stand" in lxml.etree.__file__ else "lxml", file=sys.stderr)
"""


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    paths = list(map(str, TEMPLATES))
    parts = read_parts(TEMPLATES[0].read_bytes())
    body = parts["word/document.xml"].decode()
    at = body.index("<w:p>") if "<w:p>" in body else body.index("<w:p ")
    for number, piece in enumerate(PIECES.values()):
        path = folder / f"{number}.docx"
        path.write_bytes(write_parts({**parts, "word/document.xml": (body[:at] + piece + body[at:]).encode()}))
        paths.append(str(path))
    return paths


def read(templates, *first):
    words = [sys.executable, "-c", f"import sys\nsys.path[:0] = {[*map(str, first), str(HOME)]}\n{PROGRAM}", *templates]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr.strip()


def test_templates_are_understood_as_lxml_and_docxtpl_understand_them(templates, tmp_path):
    stand_ins = shutil.copytree(page_parts.STAND_INS, tmp_path / "stand_ins")
    shutil.copy(Path(docxtpl.__file__).with_name("template.py"), stand_ins / "docxtpl")
    expected, real = read(templates)
    assert real == "lxml"
    assert len(set(expected)) > len(TEMPLATES) + 5
    assert read(templates, stand_ins) == (expected, "stand-in")
