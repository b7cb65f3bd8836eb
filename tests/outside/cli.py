#!/usr/bin/env python3
"""The command line as a stranger meets it: every command of the README, every exit code, one sentence for every error."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from common import ARTICLES, CLEARPRINT, ROOT, SAMPLES, Tally, run, words

tally = Tally()
tmp = pathlib.Path(tempfile.mkdtemp(prefix='clearprint-cli-'))
SAMPLE = SAMPLES / 'parom.html'


def refused(what, code, args, *mentions, input=None):
    """The command ends with `code` and one sentence on standard error that mentions what it is about."""
    got, out, err = run(*args, input=input)
    lines = [l for l in err.splitlines() if l.strip()]
    if code == 2 and "try '--help'" in err:  # what does not parse is followed by a tip and the usage
        lines = lines[:1]
    ok = got == code and not out and len(lines) == 1 and 'panicked' not in err
    ok = ok and all(m.lower() in err.lower() for m in mentions)
    tally.check(what, ok, f'exit {got}, wanted {code}; said: {err.strip()[:300]!r}; mentions wanted: {mentions}')


# Commands that work.
for name in ARTICLES:
    page = SAMPLES / f'{name}.html'
    text = run('article', page, '--format', 'text')
    tally.check(f'article text of {name}', text[0] == 0 and len(words(text[1].decode())) > 300, text[2])
    code, out, err = run('article', page, '--format', 'json')
    try:
        article = json.loads(out)
    except ValueError as e:
        tally.check(f'article json of {name}', False, f'{e} {err}')
        continue
    missing = [k for k in ('title', 'byline', 'date', 'lang', 'site', 'url', 'lead_image', 'text', 'blocks') if not article.get(k)]
    # The notice has no author, and the old newspaper and the fixtures no address of their own.
    allowed = {'znamya': {'url', 'site'}, 'obyavlenie': {'byline', 'url', 'lead_image', 'site'}}.get(name, set())
    tally.check(f'article json of {name} is whole', not set(missing) - allowed, f'without {sorted(set(missing) - allowed)}')
    again = run('article', '-', '--format', 'markdown', input=page.read_bytes())
    tally.check(f'article markdown of {name}', again[0] == 0 and again[1].startswith(b'#'), again[2] or again[1][:80])
    html = run('article', page, '--format', 'html')
    tally.check(f'article html of {name}', html[0] == 0 and b'<p' in html[1] and b'<script' not in html[1], html[2])

    # Article JSON goes back in where a page goes in, and makes the same PDF text.
    (tmp / f'{name}.json').write_bytes(out)
    code, pdf, err = run('pdf', tmp / f'{name}.json', '--images', 'hide')
    tally.check(f'PDF from the JSON of {name}', code == 0 and pdf.startswith(b'%PDF-'), err)

code, out, err = run('themes')
tally.check('themes are listed', code == 0 and b'white-on-black' in out and b'rnib-large' in out, err)
for shell in ('bash', 'zsh', 'fish'):
    code, out, err = run('completions', shell)
    tally.check(f'completions for {shell}', code == 0 and b'clearprint' in out, err)
code, out, err = run('man')
tally.check('man page', code == 0 and b'.TH' in out, err)
for command in ([], ['rewrite'], ['article'], ['pdf'], ['preview'], ['check'], ['serve'], ['themes'], ['edition']):
    code, out, err = run(*command, '--help')
    tally.check(f'{" ".join(command) or "clearprint"} --help', code == 0 and b'Usage' in out, err)
code, out, err = run('--version')
tally.check('--version', code == 0 and out.startswith(b'clearprint '), err)

target = tmp / 'out.pdf'
code, out, err = run('pdf', SAMPLE, '-o', target)
tally.check('pdf -o writes the file and nothing else', code == 0 and not out and target.read_bytes()[:5] == b'%PDF-', err)
first = target.read_bytes()
run('pdf', SAMPLE, '-o', target)
tally.check('two runs give the same bytes', first == target.read_bytes())
code, out, err = run('preview', SAMPLE, '--page', '1')
tally.check('preview is a PNG', code == 0 and out.startswith(b'\x89PNG'), err)
code, out, err = run('check', target)
tally.check('check finds nothing in our own PDF', code == 0, out.decode()[:300] + err)
code, out, err = run('check', target, '--tags')
tally.check('check --tags shows the tree', code == 0 and b'H1' in out, err)
code, out, err = run('check', SAMPLE)
tally.check('check finds the faults of the sample as it is', code == 1 and b'3.1.1' not in out and len(out) > 100, out.decode()[:200] + err)
code, out, err = run('check', SAMPLE, '--format', 'json')
tally.check('check --format json', code == 1 and isinstance(json.loads(out or b'null'), (list, dict)), err)
receipt = tmp / 'receipt.json'
code, out, err = run('rewrite', SAMPLE, '--receipt', receipt)
kept = json.loads(receipt.read_text()) if receipt.exists() else {}
tally.check('the receipt says what was removed and that nothing was lost', code == 0 and len(kept.get('removed', [])) > 5 and kept.get('lost') == [], f'{err} {str(kept)[:300]}')
(tmp / 'ours.html').write_bytes(out)
code, out, err = run('check', tmp / 'ours.html')
tally.check('check finds nothing in our own page', code == 0, out.decode()[:300] + err)

# Bad input, one sentence and the code for it.
empty = tmp / 'empty.html'
empty.write_bytes(b'')
(tmp / 'text.html').write_bytes(b'\x00\x01\x02' * 500)
refused('a missing file', 3, ['pdf', tmp / 'nowhere.html'], 'nowhere.html')
refused('a directory', 3, ['pdf', tmp], str(tmp))
refused('an empty file', 3, ['pdf', empty], 'empty.html')
refused('a PDF where a page is wanted', 3, ['article', target], 'out.pdf', 'pdf')
refused('a picture where a page is wanted', 3, ['rewrite', SAMPLES / 'img/parom.jpg'], 'parom.jpg')
refused('a page without an article', 5, ['pdf', SAMPLES / 'glavnaya.html'], 'glavnaya.html', 'article')
refused('a page without an article, as text', 5, ['article', SAMPLES / 'glavnaya.html'], 'glavnaya.html')
refused('an unknown theme', 2, ['rewrite', SAMPLE, '--theme', 'white-on-blak'], 'white-on-black')
refused('an unknown style', 2, ['pdf', SAMPLE, '--style', 'rnib-larg'], 'rnib-large')
refused('a bad colour', 2, ['rewrite', SAMPLE, '--colors', '#000000,purplish,#ffffff'], 'purplish')
refused('colours below 7:1', 2, ['rewrite', SAMPLE, '--colors', '#777777,#000000,#ffffff'], '7')
refused('a bad paper', 2, ['pdf', SAMPLE, '--paper', 'a17'], 'a17')
refused('a size that is no number', 2, ['pdf', SAMPLE, '--size', 'big'], 'big')
refused('an unknown command', 2, ['rewite', SAMPLE], 'rewrite')
refused('an unknown option', 2, ['pdf', SAMPLE, '--stile', 'x'], '--style')
refused('too large a page', 4, ['article', SAMPLE, '--max-input', '1K'], '--max-input')
refused('too many pages', 4, ['pdf', SAMPLE, '--style', 'rnib-giant', '--max-pages', '1'], '--max-pages')
refused('an output folder that is not there', 6, ['pdf', SAMPLE, '-o', tmp / 'none' / 'a.pdf'], 'a.pdf')
refused('an output that is a folder', 6, ['pdf', SAMPLE, '-o', tmp], str(tmp))
if os.path.exists('/dev/full'):
    refused('a full disk', 6, ['pdf', SAMPLE, '-o', '/dev/full'], '/dev/full')
    with open('/dev/full', 'wb') as full:
        r = subprocess.run([CLEARPRINT, 'rewrite', SAMPLE], stdout=full, stderr=subprocess.PIPE)
    tally.check('a full disk behind standard output', r.returncode == 6 and b'panicked' not in r.stderr, f'exit {r.returncode} {r.stderr[:200]}')
bad = tmp / 'bad.toml'
bad.write_text('name = "mine"\ntext = "#777777"\nbackground = "#000000"\nlink = "#ffffff"\nnonsense = 1\n')
refused('a theme file with an unknown key', 2, ['rewrite', SAMPLE, '--theme', bad], 'bad.toml')
refused('a site profile that is no TOML', 2, ['article', SAMPLE, '--site', SAMPLE], 'parom.html')

# Pages built to keep a parser busy: the program is done with half a megabyte within two seconds of work, whatever else
# the machine does, and holds less than twelve times a large page.
def cost(page, *options):
    p = subprocess.Popen([CLEARPRINT, 'article', str(page), *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = p.stderr.read().decode('utf8', 'replace')
    _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    return p.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said


busy = tmp / 'busy.html'
formatting = ''.join(f'<b a{i}><i a{i}><u a{i}>' for i in range(1000))
for before, unit, after in [
    ('', '<ul><li>', ''), ('', '<b><p>', ''), ('', '<a><div>', ''), ('', '<table><tr><td>', ''), ('', '<b><i><u><s><em>', ''),
    (formatting, '<p>x</p>', ''), ('', '<p><a href=x>y', ''), ('', '<table><a>x<div>', ''), ('<table>', '<a>x<tr>', ''),
    ('', '<b><div>', '</b>'), ('<div>' * 20000, '</span>', ''), ('', '<h1><div>', ''), ('', 'a<br>', ''),
]:
    units = (512 << 10) // len(unit)
    busy.write_text('<!doctype html><title>x</title>' + before + unit * units + after * units)
    code, seconds, _, said = cost(busy)
    name = f'{before[:9]}{unit}{after}'
    tally.check(f'{name} ends within two seconds of work', seconds < 2, f'{seconds:.2f} s')
    tally.check(f'{name} ends in a limit or without an article', code in (4, 5) and 'panicked' not in said, f'exit {code} {said[:200]}')
busy.write_text('<!doctype html><title>x</title><p class=x ' + ' '.join(f'a{i}=1' for i in range(60000)) + '>x')
code, seconds, _, said = cost(busy)
tally.check('a tag of endless attributes ends within two seconds of work', code == 5 and seconds < 2, f'exit {code}, {seconds:.2f} s')
sentence = 'Паром через Велгу ходил сорок лет, и в тумане его узнавали по голосу, каким рулевой {} отвечал берегу {}. '
busy.write_text('<!doctype html><title>Паром</title><h1>Паром</h1>' + ''.join(
    '<p>' + ''.join(sentence.format(n, n * m) for m in range(5)) + '</p>\n' for n in range(4000)), 'utf8')
code, seconds, held, said = cost(busy)
tally.check('a page of almost 4 MB takes less than twelve times that', code == 0 and held < 12 * busy.stat().st_size, f'exit {code}, {held / busy.stat().st_size:.1f} times {said[:200]}')

# A reader that goes away is no error.
p = subprocess.Popen([CLEARPRINT, 'rewrite', str(SAMPLE)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
p.stdout.read(10)
p.stdout.close()
err = p.stderr.read()
tally.check('a closed pipe is success', p.wait(timeout=30) == 0 and not err, f'exit {p.returncode} {err[:200]}')

# An interrupted run leaves no half file.
folder = tmp / 'interrupted'
folder.mkdir()
p = subprocess.Popen([CLEARPRINT, 'rewrite', '-', '-o', str(folder / 'half.html')], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
p.stdin.write(SAMPLE.read_bytes()[:5000])
p.stdin.flush()
time.sleep(0.5)
p.send_signal(signal.SIGINT)
p.wait(timeout=30)
tally.check('an interrupted run leaves no half file', not (folder / 'half.html').exists(), str(list(folder.iterdir())))
tally.check('an interrupted run leaves no litter', not list(folder.iterdir()), str(list(folder.iterdir())))
tally.finish('command line')
