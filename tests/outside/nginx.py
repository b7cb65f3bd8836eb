#!/usr/bin/env python3
"""deploy/nginx.conf tried as it is: nginx in front of two instances, one of them killed with requests in flight.

Only addresses, ports and folders are changed; every directive is the one that operators get."""
import collections
import http.client
import http.server
import os
import pathlib
import re
import shutil
import signal
import socketserver
import subprocess
import tempfile
import threading
import time

import common
from common import ROOT, SAMPLES, Service, Tally, free_port, wait_for

tally = Tally()
PAGE = (SAMPLES / 'parish.html').read_bytes()
asked = collections.Counter()


class Site(http.server.BaseHTTPRequestHandler):
    """Pages that may be kept for a minute, pages that may not, and one that takes its time."""
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def do_GET(self):
        # Python takes one of two slashes away.
        path = self.requestline.split()[1].split('?')[0]
        asked[path] += 1
        if path == '/old':
            self.send_response(302)
            self.send_header('Location', '/news')
            self.send_header('Content-Length', '0')
            self.end_headers()
            return
        if path.startswith('/slow'):
            time.sleep(0.2)
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Cache-Control', 'max-age=60' if path.startswith(('/news', '/locked')) else 'no-cache')
        self.send_header('Content-Length', str(len(PAGE)))
        self.end_headers()
        if path.startswith('/locked'):
            time.sleep(0.5)
        self.wfile.write(PAGE)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    # Connections of a killed instance break off, as they should.
    def handle_error(self, *_):
        pass

    request_queue_size = 256


site = Server(('127.0.0.1', 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
SITE, FRONT, PORTS = site.server_address[1], free_port(), [free_port(), free_port()]
folder = pathlib.Path(tempfile.mkdtemp(prefix='clearprint-nginx-'))
os.chmod(folder, 0o755)


def instance(port):
    return Service('--upstream', f'http://127.0.0.1:{SITE}', '--public-origin', 'https://www.example.ru',
                   '--trusted-proxy', '127.0.0.1', port=port)


def ask(method, path, body=None, headers=None):
    return common.ask(FRONT, method, path, body, headers)


def configured():
    """The files of deploy/ with the addresses of this test."""
    text = (ROOT / 'deploy/nginx.conf').read_text()
    for old, new in [('127.0.0.1:8081', f'127.0.0.1:{PORTS[0]}'), ('127.0.0.1:8082', f'127.0.0.1:{PORTS[1]}'),
                     ('127.0.0.1:8000', f'127.0.0.1:{SITE}'), ('listen 80;', f'listen 127.0.0.1:{FRONT};'),
                     # All of this test's readers have one address.
                     ('rate=20r/s', 'rate=5000r/s'),
                     ('/var/cache/nginx/clearprint', str(folder / 'cache'))]:
        tally.check(f'deploy/nginx.conf says {old}', old in text)
        text = text.replace(old, new)
    (folder / 'snippets').mkdir()
    shutil.copy(ROOT / 'deploy/clearprint-snippet.conf', folder / 'snippets/clearprint.conf')
    temporary = ''.join(f'{kind}_temp_path {folder}/{kind};' for kind in ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'])
    (folder / 'nginx.conf').write_text(
        f'daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;'
        f'events {{}} http {{ access_log off; {temporary} {text} }}')


instances = [instance(port) for port in PORTS]
nginx = None
try:
    configured()
    check = subprocess.run(['nginx', '-t', '-p', folder, '-c', folder / 'nginx.conf'], capture_output=True, text=True)
    tally.check('nginx takes the configuration', check.returncode == 0, check.stderr)
    nginx = subprocess.Popen(['nginx', '-p', folder, '-c', folder / 'nginx.conf'], stderr=subprocess.DEVNULL)
    tally.check('everything starts', all(wait_for(port) for port in [FRONT, *PORTS]))

    status, head, page = ask('GET', '/lv/~1.dark/news')
    tally.check('a page comes themed', status == 200 and b'data-clearprint-panel' in page, (status, page[:200]))
    tally.check('the site itself is where it was', ask('GET', '/news')[2] == PAGE)
    status, head, again = ask('GET', '/lv/~1.dark/news')
    tally.check('the second reader has it from the cache', head.get('x-cache-status') == 'HIT' and again == page, head)
    status, head, _ = ask('GET', '/lv/~1.sepia/news')
    tally.check('another look is another page', head.get('x-cache-status') == 'MISS', head)
    sheet = re.search(rb'href="(/assets/cp-[^"]+\.css)"', page)
    status, head, _ = ask('GET', sheet[1].decode() if sheet else '/none')
    tally.check('the sheet is there for ever', status == 200 and 'immutable' in head.get('cache-control', ''), (status, head))

    cookie = {'Cookie': 'clearprint=~1.sepia'}
    one, other = ask('GET', '/lv/news', headers=cookie), ask('GET', '/lv/news')
    tally.check('what one reader remembers is not another\'s', one[1].get('location') == '/lv/~1.sepia/news' != other[1].get('location'), (one[:2], other[:2]))
    status, head, _ = ask('GET', '/lv/~1.dark//evil.example/x')
    tally.check('two slashes stay a path', status == 200 and asked['//evil.example/x'] == 1, (status, dict(asked)))
    status, head, _ = ask('GET', '/lv/~1.dark/old')
    tally.check('redirects stay under the prefix', head.get('location', '').endswith('/lv/~1.dark/news'), head)
    status, head, _ = ask('POST', '/lv/settings?path=%2Fnews', 'theme=sepia&size=200', {'Content-Type': 'application/x-www-form-urlencoded'})
    tally.check('the form remembers and leads back', status == 303 and head['location'].endswith('/lv/~1.sepia.size200/news#cp-panel') and 'Path=/lv/' in head.get('set-cookie', ''), (status, head))
    status, head, pdf = ask('GET', '/print/news')
    tally.check('an article is printed', status == 200 and pdf.startswith(b'%PDF-'), status)
    tally.check('and printed once', ask('GET', '/print/news')[1].get('x-cache-status') == 'HIT')

    # Twenty readers of one new page: the site is asked once.
    readers = [threading.Thread(target=ask, args=('GET', '/lv/~1.dark/locked')) for _ in range(20)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    tally.check('readers of one new page wait for one request', asked['/locked'] == 1, asked['/locked'])

    # One instance dies with requests in flight; the other answers them all.
    answers = collections.Counter()

    def read(n):
        for k in range(10):
            try:
                status, _, page = ask('GET', f'/lv/~1.dark/slow/{n}/{k}')
                answers[status if page.rstrip().endswith(b'</html>') else 'broken'] += 1
            except (OSError, http.client.HTTPException) as e:
                answers[type(e).__name__] += 1

    readers = [threading.Thread(target=read, args=(n,)) for n in range(16)]
    for reader in readers:
        reader.start()
    time.sleep(0.5)
    instances[0].send(signal.SIGKILL)
    for reader in readers:
        reader.join()
    tally.check('one instance is killed and nothing is lost', answers == {200: 160}, dict(answers))

    # A new release: one instance ends in order while the other, started anew, serves.
    instances[0] = instance(PORTS[0])
    answers.clear()
    readers = [threading.Thread(target=read, args=(n,)) for n in range(16)]
    for reader in readers:
        reader.start()
    time.sleep(0.5)
    instances[1].send(signal.SIGTERM)
    for reader in readers:
        reader.join()
    tally.check('one instance is told to end and nothing is lost', answers == {200: 160}, dict(answers))
    code = instances[1].wait()
    tally.check('and it ends well', code == 0, code)

    # With both gone, what is in the cache is still read.
    instances[0].send(signal.SIGKILL)
    instances[0].wait()
    tally.check('with nobody left the cache answers', ask('GET', '/lv/~1.dark/news')[0] == 200)
finally:
    for service in instances:
        service.end()
    if nginx:
        nginx.terminate()
        nginx.wait(25)
    shutil.rmtree(folder, ignore_errors=True)
tally.finish('nginx')
