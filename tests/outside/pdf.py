#!/usr/bin/env python3
"""Every sample in every print style: accepted as PDF/UA-1, sound, its fonts embedded and subset, and every word of the
article back out of it, from the page and from the tags, in order."""
import difflib
import re
import subprocess
import sys
import tempfile
import pathlib
from collections import Counter

import page as page_validation
import pikepdf

from common import ARTICLES, SAMPLES, Tally, run, words

STYLES = sys.argv[1:] or ['standard', 'newspaper', 'rnib-clear', 'rnib-large', 'rnib-giant', 'ukaaf', 'acb', 'aph-18', 'aph-20', 'aph-22']
tally = Tally()
tmp = pathlib.Path(tempfile.mkdtemp(prefix='clearprint-pdf-'))


def tool(*args):
    return subprocess.run(args, capture_output=True)


def tag_tree(pdf):
    """Counts of structure types, and the figures without a description."""
    counts, silent = Counter(), 0
    stack = [pdf.Root.get('/StructTreeRoot')]
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Array):
            stack.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            kind = str(node.get('/S', ''))[1:]
            if kind:
                counts[kind] += 1
            if kind == 'Figure' and not str(node.get('/Alt', '')).strip():
                silent += 1
            if '/K' in node:
                stack.append(node.K)
    return counts, silent


def lost_on_paper(want, text):
    """Words that the printed page lacks; one cut by a hyphen or a page end counts as whole, and so do the parts of one that
    was cut at a hyphen of its own."""
    rest = Counter(want) - (Counter(words(re.sub(r'[-\u2010\u00ad]\s*\n\s*', '', text))) | Counter(words(text)))
    stream = ''.join(words(text))
    return [w for w in rest.elements() if len(w) < 4 or w not in stream]


def judge(file, want, figures):
    faults = []
    verdict = page_validation.validate_pdf(str(file), profile='ua1')
    if not verdict.is_compliant:
        rules = Counter((f.rule_id, f.message[:90]) for f in verdict.failures)
        faults += [f'PDF/UA-1 {rule} x{n}: {message}' for (rule, message), n in rules.items()]
    sound = tool('qpdf', '--check', file)
    if sound.returncode:
        faults.append('qpdf: ' + (sound.stderr or sound.stdout).decode().strip().splitlines()[-1])
    for line in tool('pdffonts', file).stdout.decode().splitlines()[2:]:
        embedded, subset, unicode_ = line.split()[-5:-2]
        if (embedded, subset, unicode_) != ('yes', 'yes', 'yes'):
            faults.append(f'font {line.split()[0]}: embedded {embedded}, subset {subset}, Unicode {unicode_}')
    with pikepdf.open(file) as pdf:
        counts, silent = tag_tree(pdf)
        if silent:
            faults.append(f'{silent} figures without a description')
        if not str(pdf.Root.get('/Lang', '')):
            faults.append('no language')
        if len(pdf.pages) > 3 and '/Outlines' not in pdf.Root:
            faults.append('no bookmarks')
        if counts['H1'] != 1:
            faults.append(f'{counts["H1"]} H1')
        if counts['Figure'] != figures:
            faults.append(f'{counts["Figure"]} figures, the article has {figures}')
    text = tool('pdftotext', '-enc', 'UTF-8', file, '-').stdout.decode()
    raw = tool('pdftotext', '-raw', '-enc', 'UTF-8', file, '-').stdout.decode()
    if '\ufffd' in text:
        faults.append('characters without Unicode')
    lost = min(lost_on_paper(want, text), lost_on_paper(want, raw), key=len)
    if lost:
        faults.append(f'{len(lost)} words lost on paper: {lost[:6]}')
    tagged = tool('pdfinfo', '-struct-text', '-enc', 'UTF-8', file).stdout.decode()
    read = words('\n'.join(re.findall(r'(?ms)^ *"(.*?)"$', tagged)))
    missing = Counter(want) - Counter(read)
    stream = ''.join(read)
    missing = [w for w in missing.elements() if len(w) < 4 or w not in stream]
    if missing:
        faults.append(f'{len(missing)} words are not in the tags: {missing[:6]}')
    same = sum(b.size for b in difflib.SequenceMatcher(None, want, read, autojunk=False).get_matching_blocks())
    if same < 0.97 * len(want):
        faults.append(f'only {same} of {len(want)} words stand in the tags in the order of the article')
    return faults


for name in ARTICLES:
    source = SAMPLES / f'{name}.html'
    code, text, err = run('article', source, '--format', 'text')
    if not tally.check(f'{name}: article', code == 0, err):
        continue
    want = words(text.decode())
    code, html, _ = run('article', source, '--format', 'html')
    figures = html.count(b'<img')
    for style in STYLES:
        target = tmp / f'{name}-{style}.pdf'
        code, _, err = run('pdf', source, '--style', style, '-o', target)
        if tally.check(f'{name} in {style}: made', code == 0 and target.exists(), err):
            faults = judge(target, want, figures)
            tally.check(f'{name} in {style}', not faults, ''.join(f'\n     {f}' for f in faults))

# The judge must be able to say no: a PDF robbed of its tags, and one word more than the page holds.
good = tmp / f'parom-{STYLES[0]}.pdf'
if good.exists():
    with pikepdf.open(good) as pdf:
        del pdf.Root['/StructTreeRoot']
        pdf.save(tmp / 'robbed.pdf')
    tally.check('a PDF robbed of its tags is found out', judge(tmp / 'robbed.pdf', [], 0))
    tally.check('a lost word is found out', any('lost on paper' in f for f in judge(good, ['небывальщина'], 1)))
tally.finish('printed samples')
