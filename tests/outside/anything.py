#!/usr/bin/env python3
"""Pages with whatever comes: odd and broken pictures, endless words, a table of 40 columns, 2,000 footnotes, scripts of the
world, control characters. Each becomes a sound, accessible PDF, with a warning where something could not be set, or an error
of one sentence."""
import io
import pathlib
import subprocess
import sys
import tempfile

import page as page_validation
from PIL import Image

from common import Tally, run

STYLES = sys.argv[1:] or ['standard', 'newspaper', 'rnib-large']
tally = Tally()
tmp = pathlib.Path(tempfile.mkdtemp(prefix='clearprint-anything-'))
PLAIN = '<p>The council met on Tuesday evening to discuss the plans for the new library, which has been closed since the flood of last spring, and heard from forty residents.</p>'


def article(body, lang='en', title='The library opens again'):
    return f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head><body><article><h1>{title}</h1>{PLAIN * 4}{body}{PLAIN * 3}</article></body></html>'


def encoded(picture, kind, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def pictures():
    noise = Image.effect_noise((500, 400), 60)
    jpeg = encoded(noise, 'JPEG')
    png = encoded(noise, 'PNG')
    frames = [Image.new('P', (90, 60), n) for n in range(3)]
    return {
        'one.png': encoded(Image.new('RGB', (1, 1), 'red'), 'PNG'),
        'wide.png': encoded(Image.linear_gradient('L').resize((20000, 200)), 'PNG'),
        'wide.jpg': encoded(Image.linear_gradient('L').resize((20000, 200)), 'JPEG'),
        'tall.png': encoded(Image.new('RGB', (3, 6000), 'green'), 'PNG'),
        'huge.png': encoded(Image.new('1', (20000, 20000), 1), 'PNG'),
        'inks.jpg': encoded(noise.convert('CMYK'), 'JPEG'),
        'sixteen.png': encoded(Image.new('I;16', (300, 200), 40000), 'PNG'),
        'clear.png': encoded(Image.new('RGBA', (300, 200), (200, 0, 0, 90)), 'PNG'),
        'moving.gif': encoded(frames[0], 'GIF', save_all=True, append_images=frames[1:]),
        'photo.webp': encoded(noise, 'WEBP'),
        'progressive.jpg': encoded(noise, 'JPEG', progressive=True),
        'drawing.svg': b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><circle cx="30" cy="30" r="20"/></svg>',
        'chart.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><text y="9">42 %</text></svg>'.encode(),
        'curved.svg': b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><path id="c" d="M0 30q45 -30 90 0"/><text><textPath href="#c">42 %</textPath></text></svg>',
        'cut.jpg': jpeg[: len(jpeg) // 2],
        'cut-early.jpg': jpeg[:300],
        'cut.png': png[: len(png) // 2],
        'page.jpg': b'<!DOCTYPE html><p>Not found</p>',
        'empty.png': b'',
    }


cases = {}
warned = {'missing.jpg', 'huge.png', 'curved.svg', 'cut.jpg', 'cut-early.jpg', 'cut.png', 'page.jpg', 'empty.png'}
for name, data in pictures().items():
    (tmp / name).write_bytes(data)
for name in [*pictures(), 'missing.jpg']:
    figure = f'<figure><img src="{name}" alt="The library at dusk"><figcaption>The library</figcaption></figure>'
    cases[name] = (article(figure), name in warned)
cases['no description'] = (article('<figure><img src="photo.webp"></figure>'), True)
cases['a word of 5,000 letters'] = (article('<p>' + 'Donaudampf' * 500 + '</p><h2>' + 'x' * 5000 + '</h2>'), False)
cases['a title of one word of 5,000 letters'] = (article('', title='W' * 5000), False)
head = ''.join(f'<th>Column {n}</th>' for n in range(40))
row = '<tr>' + ''.join(f'<td>{n * 7} units</td>' for n in range(40)) + '</tr>'
cases['a table of 40 columns'] = (article(f'<table><caption>Forty</caption><tr>{head}</tr>{row * 30}</table>'), None)
cases['a table with a long word'] = (article('<table><tr><th>a</th><th>b</th></tr><tr><td>' + 'x' * 2000 + '</td><td>' + 'y ' * 3000 + '</td></tr></table>'), None)
claims = ' '.join(f'claim {n}<sup id="r{n}"><a href="#n{n}">{n}</a></sup>' for n in range(1, 2001))
notes = ''.join(f'<li id="n{n}">Report {n}, page {n * 3}. <a href="#r{n}">back</a></li>' for n in range(1, 2001))
cases['2,000 footnotes'] = (article(f'<p>{claims}</p><section role="doc-endnotes"><ol>{notes}</ol></section>'), None)
for lang, text in {
    'ar': 'اجتمع المجلس مساء الثلاثاء لمناقشة خطط المكتبة الجديدة التي أغلقت منذ فيضان الربيع الماضي (2024). ',
    'he': 'המועצה התכנסה ביום שלישי בערב כדי לדון בתוכניות לספרייה החדשה, ושמעה 40 תושבים. ',
    'el': 'Το συμβούλιο συνεδρίασε το βράδυ της Τρίτης για να συζητήσει τα σχέδια για τη νέα βιβλιοθήκη. ἀρχὴ ᾧ ',
    'zh': '市议会周二晚上开会讨论新图书馆的计划，该图书馆自去年春天洪水以来一直关闭，并听取了四十名居民的意见。',
    'hi': 'परिषद की बैठक मंगलवार शाम को नए पुस्तकालय की योजनाओं पर चर्चा के लिए हुई। ',
}.items():
    cases[f'text in {lang}'] = (article(f'<p>{text * 6}</p>' * 4, lang, text[:24]), None)
cases['emoji'] = (article('<p>' + 'Smile 😀 family 👨‍👩‍👧‍👦 flag 🇬🇧 thumbs 👍🏽 heart ❤️ key 1️⃣ ' * 10 + '</p>'), None)
cases['characters without width and for control'] = (article('<p>zero\u200bwidth\u200cnon\u200djoin\ufeffbom\u2060wj soft\u00adhy \u202eover\u202c \u0007bell\u0001\u007f\u0085 private\ue000 none\ufffe object\ufffc line\u2028sep x' + '\u0301' * 300 + '</p><p>\u200b</p><p>&#0;&#1;&#xFFFF;</p>'), None)
cases['nesting'] = (article('<ul><li>deep' * 60 + '</li></ul>' * 60 + '<blockquote><p>deep</p>' * 50 + '</blockquote>' * 50), None)
cases['empty parts'] = (article('<table><tr></tr><tr><td></td></tr></table><table></table><ul><li></li></ul><figure></figure><h2></h2><blockquote></blockquote>'), False)
cases['spans beyond the table'] = (article('<table><tr><td rowspan=65000 colspan=1000>x</td><td>y</td></tr><tr><td>z</td></tr></table>'), None)
cases['languages that are none'] = (article('<p lang="x">alpha</p><p lang="en_US.UTF-8">beta beta</p>', lang='not a language!!'), None)

for number, (name, (html, warning)) in enumerate(cases.items()):
    source = tmp / f'{number}.html'
    source.write_text(html, 'utf8')
    for style in STYLES:
        target = tmp / f'{number}-{style}.pdf'
        code, _, err = run('pdf', source, '--style', style, '-o', target)
        if code != 0:
            sentence = len(err.strip().splitlines()) == 1 and 'panicked' not in err
            tally.check(f'{name} in {style}: a PDF, or an error of one sentence', code in (2, 3, 4, 5) and sentence, f'{code} {err[-300:]}')
            continue
        faults = []
        sound = subprocess.run(['qpdf', '--check', target], capture_output=True, text=True)
        if sound.returncode:
            faults.append(f'qpdf: {sound.stderr[-200:]}')
        faults += [f'{f.rule_id}: {f.message[:90]}' for f in page_validation.validate_pdf(str(target), profile='ua1').failures[:5]]
        if warning is not None and bool(err.strip()) != warning:
            faults.append(f'a warning was {"due" if warning else "not due"}: {err[:200]}')
        tally.check(f'{name} in {style}', not faults, '; '.join(faults))
tally.finish('whatever comes, printed')
