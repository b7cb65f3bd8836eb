"""What the outside tests share: the program under test, the tally, and words."""
import os
import pathlib
import re
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / 'samples'
CLEARPRINT = os.environ.get('CLEARPRINT', str(ROOT / 'target/release/clearprint'))
ARTICLES = ['SAMPLE', 'znamya', 'obyavlenie', 'longread', 'moderncms', 'parish']


def run(*args, input=None, timeout=120, env=None):
    """Runs clearprint; answers (exit code, standard output as bytes, standard error as text)."""
    env = {**os.environ, **env} if env else None
    r = subprocess.run([CLEARPRINT, *map(str, args)], input=input, capture_output=True, timeout=timeout, env=env)
    return r.returncode, r.stdout, r.stderr.decode('utf8', 'replace')


def words(text):
    """The words of a text, whatever its case, hyphenation marks and compatibility forms."""
    text = unicodedata.normalize('NFKC', text)
    return re.findall(r'\w+', re.sub('[\u00ad\u200b-\u200d\u2060]', '', text).casefold())


class Tally:
    passed = 0
    failed = 0

    def check(self, what, holds, why=''):
        if holds:
            self.passed += 1
            if os.environ.get('VERBOSE'):
                print(f'ok   {what}')
        else:
            self.failed += 1
            print(f'FAIL {what}' + (f': {why}' if why else ''), flush=True)
        return holds

    def finish(self, name):
        print(f'{name}: {self.passed} passed, {self.failed} failed')
        if path := os.environ.get('TALLY'):
            with open(path, 'a') as f:
                f.write(f'{self.passed} {self.failed}\n')
        sys.exit(1 if self.failed or not self.passed else 0)
