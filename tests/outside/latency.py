#!/usr/bin/env python3
"""How long a reader waits for a page of 300 KB: from nginx's proxy_pass, and from `/lv/` of Clearprint, before the same site.

    CLEARPRINT=target/release/clearprint python3 tests/outside/latency.py [--rounds 7] [--rate 50] [--requests 500]

Prints a table and asserts nothing: times are a matter of the machine, and only how the two compare on a quiet one tells
anything. So each is asked in turn, round by round, at the same low rate, and what counts is the median of the rounds'
ratios. The site answers once from nginx's files at once, and once after 20 to 40 ms, as sites that make their pages do.
Not a section of tests/run.sh; needs nginx and h2load (Debian: nginx-light, nghttp2-client)."""
import argparse
import asyncio
import os
import pathlib
import random
import re
import statistics
import subprocess
import tempfile
import threading

from common import ARTICLES, SAMPLES, Service, free_port, wait_for

BYTES = 300_000


def text(bytes):
    try:
        return bytes.decode()
    except UnicodeDecodeError:
        return bytes.decode('cp1251')


def page():
    """The samples one after another, navigation, boxes and all, until there are enough of them."""
    texts = [text((SAMPLES / f'{name}.html').read_bytes()) for name in ARTICLES]
    bodies = [re.split('</head>|<body[^>]*>', re.sub('</body>|</html>', '', text, flags=re.I), flags=re.I)[-1].encode() for text in texts]
    # Pictures within the page are large and no work.
    bodies = [re.sub(rb'data:image/[^"\')]*', b'data:,', body) for body in bodies]
    out = '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Длинная страница</title></head><body>'.encode()
    while len(out) < BYTES:
        for body in bodies:
            out += body
    return out[:out.rindex(b'<', 0, BYTES)] + b'</body></html>'


class Late:
    """A site that takes 20 to 40 ms to make its page."""

    def __init__(self, body):
        self.port = free_port()
        head = f'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n'
        self.answer = head.encode() + body
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        wait_for(self.port)

    async def serve(self):
        server = await asyncio.start_server(self.client, '127.0.0.1', self.port)
        await server.serve_forever()

    async def client(self, reader, writer):
        try:
            while True:
                await reader.readuntil(b'\r\n\r\n')
                await asyncio.sleep(random.uniform(0.020, 0.040))
                writer.write(self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def nginx(folder, files, fronts):
    """An nginx that gives the files of `folder` on one port and stands before other sites on others."""
    servers = f'server {{ listen 127.0.0.1:{files}; root {folder}; default_type "text/html; charset=utf-8"; }}'
    for port, site in fronts:
        servers += (f'upstream site{site} {{ server 127.0.0.1:{site}; keepalive 8; }}'
                    f'server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://site{site};'
                    f' proxy_http_version 1.1; proxy_set_header Connection ""; }} }}')
    temporary = ''.join(f'{kind}_temp_path {folder}/{kind};' for kind in ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'])
    (folder / 'nginx.conf').write_text(
        f'daemon off; user root; pid {folder}/pid; error_log {folder}/error.log; worker_processes 2;'
        f'events {{}} http {{ access_log off; sendfile on; tcp_nodelay on; {temporary} keepalive_requests 1000000; {servers} }}')
    return subprocess.Popen(['nginx', '-p', folder, '-c', folder / 'nginx.conf'], stderr=subprocess.DEVNULL)


def measure(url, requests, rate, log):
    """Milliseconds of each answer until its last byte."""
    log.unlink(missing_ok=True)
    subprocess.run(['h2load', '--h1', '-c', '1', '-n', str(requests), '--rps', str(rate), '--log-file', log, url],
                   stdout=subprocess.DEVNULL, check=True)
    rows = [line.split('\t') for line in log.read_text().splitlines()]
    if any(status != '200' for _, status, _ in rows) or len(rows) != requests:
        raise SystemExit(f'{url} does not answer each time')
    return sorted(int(took) / 1000 for _, _, took in rows)


def of(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def compare(title, urls, options, log):
    ratios = []
    print(f'\n{title}\n  round   nginx p50    p99   clearprint p50    p99   ratio p50   p99')
    for url in urls:
        measure(url, 50, options.rate, log)
    for number in range(options.rounds):
        base, ours = (measure(url, options.requests, options.rate, log) for url in urls)
        row = [of(base, 0.5), of(base, 0.99), of(ours, 0.5), of(ours, 0.99)]
        ratios.append((row[2] / row[0], row[3] / row[1]))
        print('  {:5} {:11.2f} {:6.2f} {:16.2f} {:6.2f} {:11.2f} {:5.2f}'.format(number + 1, *row, *ratios[-1]), flush=True)
    print('  median of the ratios: p50 {:.2f}, p99 {:.2f}'.format(*(statistics.median(r) for r in zip(*ratios))))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--rate', type=int, default=50)
    parser.add_argument('--requests', type=int, default=500)
    parser.add_argument('--late-rate', type=int, default=15)
    parser.add_argument('--late-requests', type=int, default=200)
    options = parser.parse_args()
    os.environ['PATH'] += ':/usr/sbin'  # where Debian puts nginx
    folder = pathlib.Path(tempfile.mkdtemp(prefix='clearprint-latency-'))
    os.chmod(folder, 0o755)
    body = page()
    (folder / 'page').write_bytes(body)
    late, files, fronts = Late(body), free_port(), [free_port(), free_port()]
    front = nginx(folder, files, [(fronts[0], files), (fronts[1], late.port)])
    try:
        if not all(wait_for(port, front) for port in [files, *fronts]):
            raise SystemExit((folder / 'error.log').read_text())
        print(f'a page of {len(body)} bytes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; times in ms')
        for title, site, port, rate, requests in [
                ('The site answers from files', files, fronts[0], options.rate, options.requests),
                ('The site takes 20 to 40 ms', late.port, fronts[1], options.late_rate, options.late_requests)]:
            with Service('--upstream', f'http://127.0.0.1:{site}') as service:
                urls = [f'http://127.0.0.1:{port}/page', f'http://127.0.0.1:{service.port}/lv/~1.dark/page']
                options.rate, options.requests = rate, requests
                compare(title, urls, options, folder / 'times')
    finally:
        front.terminate()


if __name__ == '__main__':
    main()
