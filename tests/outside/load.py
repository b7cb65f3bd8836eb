#!/usr/bin/env python3
"""The service among clients that dawdle, stall and vanish, and when it has to end with its hands full. Everything stays on
this machine and within seconds."""
import collections
import http.client
import http.server
import signal
import socket
import socketserver
import threading
import time

from common import SAMPLES, Service, Tally

tally = Tally()
PAGE = (SAMPLES / 'parish.html').read_bytes()
PARAGRAPH = '<p>Абзац длинной страницы, который читатель не спешит прочесть до конца.</p>'.encode()
left = threading.Event()


class Site(http.server.BaseHTTPRequestHandler):
    """A page, a page that takes its time, one of 40 MB, and one that goes on until nobody wants it."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.end_headers()
        try:
            if self.path == '/long':
                self.wfile.write('<title>Долго</title><h1>Долго</h1>'.encode())
                for _ in range(40):
                    self.wfile.write(PARAGRAPH * ((1 << 20) // len(PARAGRAPH)))
            elif self.path == '/endless':
                for _ in range(600):
                    self.wfile.write(PARAGRAPH * 100)
                    time.sleep(0.05)
            elif self.path == '/slow':
                half = len(PAGE) // 2
                self.wfile.write(PAGE[:half])
                time.sleep(0.3)
                self.wfile.write(PAGE[half:])
            else:
                self.wfile.write(PAGE)
        except OSError:
            if self.path == '/endless':
                left.set()


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    # Connections that break off are what this is about.
    def handle_error(self, *_):
        pass


site = Server(('127.0.0.1', 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
UPSTREAM = ['--upstream', f'http://127.0.0.1:{site.server_address[1]}']


def connect(service, request):
    s = socket.socket()
    # A reader of few bytes: what waits for it waits in the service and not in the system.
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(30)
    s.connect(('127.0.0.1', service.port))
    s.sendall(request)
    return s


def get(path):
    return f'GET {path} HTTP/1.1\r\nHost: x\r\n\r\n'.encode()


with Service(*UPSTREAM, '--max-input', '64MiB') as service:
    # Slowloris: five hundred heads that do not end, while others read.
    slow = [connect(service, b'GET /lv/~1.dark/news HTTP/1.1\r\nHost: x\r\nX-Slow: ') for _ in range(500)]
    answers = collections.Counter(service.ask('GET', '/lv/~1.dark/news', timeout=10)[0] for _ in range(20))
    tally.check('others are served while 500 heads do not end', answers == {200: 20}, dict(answers))
    time.sleep(11)
    ended = 0
    for s in slow:
        s.settimeout(2)
        try:
            ended += not s.recv(4096).startswith(b'HTTP/1.1 200')
        except ConnectionResetError:
            ended += 1
        except TimeoutError:
            pass
        s.close()
    tally.check('and those who sent them are shown out', ended == 500, ended)

    # Readers of long pages who stop reading: the pages wait at the site, not in memory.
    before = service.memory()
    readers = [connect(service, get('/lv/~1.dark/long')) for _ in range(10)]
    for reader in readers:
        reader.recv(1024)
    time.sleep(2)
    grown = service.memory() - before
    tally.check('ten pages of 40 MB that nobody reads on stay small', grown < 64 << 20, f'{grown >> 20} MiB more')
    tally.check('and others are served', service.ask('GET', '/lv/~1.dark/news')[0] == 200)
    for reader in readers:
        reader.close()

    # Readers who vanish: the site is left too, and nothing goes on for nobody.
    reader = connect(service, get('/lv/~1.dark/endless'))
    reader.recv(1024)
    reader.close()
    tally.check('when a reader goes, the site is left', left.wait(10))
    for _ in range(50):
        connect(service, get('/print/news')).close()
    deadline = time.monotonic() + 10
    while (busy := service.metric('work_waiting') + service.metric('work_running')) and time.monotonic() < deadline:
        time.sleep(0.1)
    tally.check('no PDF waits for readers who have gone', busy == 0, busy)

with Service('--max-connections', 8) as service:
    held = [connect(service, b'GET / HTTP/1.1\r\n') for _ in range(8)]
    time.sleep(0.3)
    late = connect(service, get('/healthz'))
    late.settimeout(1)
    try:
        early = late.recv(64)
    except TimeoutError:
        early = b''
    for s in held:
        s.close()
    late.settimeout(10)
    tally.check('connections over the most wait for a place, and get it', early == b'' and late.recv(64).startswith(b'HTTP/1.1 200'), early)
    late.close()

# Told to end under load: what has begun is finished, whole.
with Service(*UPSTREAM) as service:
    answers = collections.Counter()
    told = threading.Event()

    def read():
        while True:
            late = told.is_set()
            try:
                status, _, page = service.ask('GET', '/lv/~1.dark/slow', timeout=25)
                answers[status if page.rstrip().endswith(b'</html>') else 'broken'] += 1
            except ConnectionError as e:
                # After the end nobody listens any more; whoever has begun before it is answered.
                over = late or told.is_set() and isinstance(e, ConnectionRefusedError)
                answers['after the end' if over else type(e).__name__] += 1
                return
            except (OSError, http.client.HTTPException) as e:
                answers[type(e).__name__] += 1
                return
            if late:
                return

    readers = [threading.Thread(target=read) for _ in range(16)]
    for reader in readers:
        reader.start()
    time.sleep(1.5)
    told.set()
    started = time.monotonic()
    service.send(signal.SIGTERM)
    code = service.wait()
    took = time.monotonic() - started
    for reader in readers:
        reader.join()
    tally.check('told to end under load, it breaks nothing off', set(answers) <= {200, 'after the end'} and answers[200] > 16, dict(answers))
    tally.check('and ends within its 20 s', code == 0 and took < 22, (code, took))

tally.finish('load')
