#!/usr/bin/env python3
"""How long a reader waits for a page of 300 KB: from nginx's proxy_pass, and from `/lv/` of Clearprint, before the same site.

    CLEARPRINT=target/release/clearprint python3 tests/outside/latency.py [--rounds 7] [--rate 50] [--requests 500]

Prints a table and asserts nothing: times are a matter of the machine, and only how the two compare on a quiet one tells
anything. So each is asked in turn, round by round, at the same low rate, and what counts is the median of the rounds'
ratios. The site answers from files, and again after 20 to 40 ms, as sites do that make their pages. Not a section of tests/run.sh;
needs nginx and h2load (Debian: nginx-light, nghttp2-client)."""
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


def front_page():
    """The samples one after another, navigation, boxes and all, until there are enough of them: 26 tags a kilobyte."""
    texts = [text((SAMPLES / f'{name}.html').read_bytes()) for name in ARTICLES]
    bodies = [re.split('</head>|<body[^>]*>', re.sub('</body>|</html>', '', text, flags=re.I), flags=re.I)[-1].encode() for text in texts]
    # Pictures within the page are large and no work.
    bodies = [re.sub(rb'data:image/[^"\')]*', b'data:,', body) for body in bodies]
    out = '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Длинная страница</title></head><body>'.encode()
    while len(out) < BYTES:
        for body in bodies:
            out += body
    return out[:out.rindex(b'<', 0, BYTES)] + b'</body></html>'


def article():
    """One article within its page, its paragraphs over and over: 8 tags a kilobyte."""
    page = text((SAMPLES / 'longread.html').read_bytes())
    paragraphs = re.findall('<p>.*?</p>', page, re.S)
    head, tail = page[:page.index('<p>')], page[page.rindex('</p>') + 4:]
    middle, number = [], 0
    left = BYTES - len((head + tail).encode())
    while left > 0:
        number += 1
        middle.append(paragraphs[number % len(paragraphs)] + (f'<h2>Глава {number // 12}</h2>' if number % 12 == 0 else ''))
        left -= len(middle[-1].encode())
    return (head + ''.join(middle) + tail).encode()


PAGES = {'front': front_page, 'article': article}


class Late:
    """A site that takes 20 to 40 ms to make its page."""

    def __init__(self, pages):
        self.port = free_port()
        head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n'
        self.answers = {name: head.format(len(body)).encode() + body for name, body in pages.items()}
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        wait_for(self.port)

    async def serve(self):
        server = await asyncio.start_server(self.client, '127.0.0.1', self.port)
        await server.serve_forever()

    async def client(self, reader, writer):
        try:
            while True:
                path = (await reader.readuntil(b'\r\n\r\n')).split()[1].decode()
                await asyncio.sleep(random.uniform(0.020, 0.040))
                writer.write(self.answers[path[1:]])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def nginx(folder, files, fronts):
    """An nginx that gives the files of `folder` on one port and stands before other sites on others, with room for the page:
    in its usual buffers one in fifty waits 40 ms for an acknowledgement, and what is compared with it looks good."""
    servers = f'server {{ listen 127.0.0.1:{files}; root {folder}; default_type "text/html; charset=utf-8"; }}'
    for port, site in fronts:
        servers += (f'upstream site{site} {{ server 127.0.0.1:{site}; keepalive 8; }}'
                    f'server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://site{site};'
                    f' proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffers 16 64k; proxy_buffer_size 64k;'
                    f' proxy_busy_buffers_size 128k; }} }}')
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


def compare(title, urls, rounds, requests, rate, log):
    ratios = []
    print(f'\n{title}\n  round   nginx p50    p99   clearprint p50    p99   ratio p50   p99')
    for url in urls:
        measure(url, 50, rate, log)
    for number in range(rounds):
        base, ours = (measure(url, requests, rate, log) for url in urls)
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
    pages = {name: page() for name, page in PAGES.items()}
    for name, body in pages.items():
        (folder / name).write_bytes(body)
    late, files, fronts = Late(pages), free_port(), [free_port(), free_port()]
    front = nginx(folder, files, [(fronts[0], files), (fronts[1], late.port)])
    try:
        if not all(wait_for(port, front) for port in [files, *fronts]):
            raise SystemExit((folder / 'error.log').read_text())
        print(f'{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; times in ms until the last byte')
        for title, site, port, rate, requests in [
                ('the site answers from files', files, fronts[0], options.rate, options.requests),
                ('the site takes 20 to 40 ms', late.port, fronts[1], options.late_rate, options.late_requests)]:
            for name, body in pages.items():
                with Service('--upstream', f'http://127.0.0.1:{site}') as service:
                    urls = [f'http://127.0.0.1:{port}/{name}', f'http://127.0.0.1:{service.port}/lv/~1.dark/{name}']
                    about = f'{name}: {len(body)} bytes, {1000 * body.count(b"<") / len(body):.0f} tags a kilobyte; {title}'
                    compare(about, urls, options.rounds, requests, rate, folder / 'times')
    finally:
        front.terminate()


if __name__ == '__main__':
    main()
