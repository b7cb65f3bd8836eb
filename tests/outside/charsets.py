#!/usr/bin/env python3
"""One article in fourteen encodings, declared, undeclared and mislabelled: the same words must come out of all of them, as
UTF-8, by each of the two ways a page can go."""
from common import CLEARPRINT, ROOT, Tally, run, words

PAGES = ROOT / 'tests/data/charsets'
want = (PAGES / 'text.txt').read_text(encoding='utf8')
tally = Tally()
pages = sorted(PAGES.glob('*.html'))
tally.check('the pages are there', len(pages) >= 14, f'only {len(pages)} in {PAGES}')
for page in pages:
    code, out, err = run('article', page, '--format', 'text')
    have = out.decode('utf8', 'replace')
    lost = [w for w in words(want) if w not in set(words(have))]
    tally.check(f'article of {page.name}', code == 0 and not lost and '\ufffd' not in have, f'exit {code}, lost {lost[:5]} {err.strip()}')

    code, out, err = run('rewrite', page)
    have = out.decode('utf8', 'replace')
    lost = [w for w in words(want) if w not in set(words(have))]
    tally.check(f'rewritten {page.name}', code == 0 and not lost and '\ufffd' not in have, f'exit {code}, lost {lost[:5]} {err.strip()}')
    tally.check(f'rewritten {page.name} says it is UTF-8', '<meta charset="utf-8"' in have[:1024].lower(), have[:120])

    # Through a pipe there is no name and no label: the bytes alone have to do.
    code, out, err = run('article', '-', '--format', 'text', input=page.read_bytes())
    tally.check(f'{page.name} through a pipe', code == 0 and not [w for w in words(want) if w not in set(words(out.decode("utf8", "replace")))], f'exit {code} {err.strip()}')

# What the reader says outranks what the page says.
raw = (PAGES / 'undeclared-windows-1251.html').read_bytes()
code, out, _ = run('article', '-', '--charset', 'windows-1251', '--format', 'text', input=raw)
tally.check('--charset is obeyed', code == 0 and 'Читатели вернулись' in out.decode('utf8', 'replace'))
code, _, err = run('article', '-', '--charset', 'windows-125l', '--format', 'text', input=raw)
tally.check('an unknown --charset is refused by name', code == 2 and 'windows-125l' in err, f'exit {code}: {err.strip()}')
tally.finish('charsets')
