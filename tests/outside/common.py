"""What the outside tests share: the program under test, a service of it, the tally, and words."""
import http.client
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / 'samples'
CLEARPRINT = os.environ.get('CLEARPRINT', str(ROOT / 'target/release/clearprint'))
ARTICLES = ['parom', 'znamya', 'obyavlenie', 'longread', 'moderncms', 'parish']


def run(*args, input=None, timeout=120, env=None):
    """Runs clearprint; answers (exit code, standard output as bytes, standard error as text)."""
    env = {**os.environ, **env} if env else None
    r = subprocess.run([CLEARPRINT, *map(str, args)], input=input, capture_output=True, timeout=timeout, env=env)
    return r.returncode, r.stdout, r.stderr.decode('utf8', 'replace')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def wait_for(port, process=None):
    """Whether somebody listens within ten seconds, or the process lives that should."""
    for _ in range(200):
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return True
        except OSError:
            if process and process.poll() is not None:
                return False
            time.sleep(0.05)
    return False


def ask(port, method, path, body=None, headers=None, timeout=60):
    """Answers (status, headers under small names, body)."""
    c = http.client.HTTPConnection('127.0.0.1', port, timeout=timeout)
    try:
        c.request(method, path, body, headers or {})
        r = c.getresponse()
        return r.status, {k.lower(): v for k, v in r.getheaders()}, r.read()
    finally:
        c.close()


class Service:
    """`clearprint serve` on a port of its own, ended with the block it is used in. What it says goes to a file, which
    never fills up as a pipe does."""

    def __init__(self, *args, port=None):
        self.port = port or free_port()
        self.log = tempfile.TemporaryFile()
        command = [CLEARPRINT, 'serve', '--listen', f'127.0.0.1:{self.port}', *map(str, args)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log)
        self.started = wait_for(self.port, self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def ask(self, method, path, body=None, headers=None, timeout=60):
        return ask(self.port, method, path, body, headers, timeout)

    def send(self, number):
        self.process.send_signal(number)

    def lives(self):
        return self.process.poll() is None

    def wait(self, seconds=30):
        """The exit code, or 'never'."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return 'never'

    def end(self):
        """Tells it to end, and kills it if it does not; answers the exit code."""
        if self.lives():
            self.process.terminate()
        code = self.wait()
        if code == 'never':
            self.process.kill()
            self.process.wait()
        return code

    def said(self):
        self.log.seek(0)
        return self.log.read().decode('utf8', 'replace')

    def memory(self):
        """Its resident memory in bytes."""
        status = pathlib.Path(f'/proc/{self.process.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+)', status)[1]) * 1024

    def metric(self, name):
        return int(re.search(rf'^clearprint_{name} (\d+)$', self.ask('GET', '/metrics')[2].decode(), re.M)[1])


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
