#!/usr/bin/env python3
"""The HTTP service from outside: each route answers, streams both ways, refuses with problem+json, and survives rudeness."""
import json
import re
import signal
import socket
import tempfile
import threading
import time
import urllib.parse

from common import ROOT, SAMPLES, Service, Tally, words

tally = Tally()
SAMPLE = (SAMPLES / 'parom.html').read_bytes()

server = Service()
ask = server.ask

HTML = {'Content-Type': 'text/html; charset=utf-8'}
try:
    if not tally.check('the service starts', server.started, server.said()):
        tally.finish('service')

    status, head, body = ask('GET', '/healthz')
    tally.check('/healthz', status == 200, status)
    status, head, body = ask('GET', '/v1/themes')
    tally.check('/v1/themes is JSON and names a theme', status == 200 and b'white-on-black' in body and json.loads(body), status)

    status, head, body = ask('POST', '/v1/rewrite?theme=white-on-black', SAMPLE, HTML)
    tally.check('rewrite', status == 200 and 'utf-8' in head.get('content-type', '').lower() and 'паром' in body.decode() and b'<script' not in body.replace(b'<script data-clearprint', b'').replace(b'<script type="application/ld+json"', b''), (status, head, body[:200]))
    status, head, body = ask('POST', '/v1/rewrite', (SAMPLES / 'znamya.html').read_bytes(), {'Content-Type': 'text/html'})
    tally.check('rewrite finds the charset in the page', status == 200 and 'Лён возвращается' in body.decode('utf8', 'replace'), status)
    raw = (ROOT / 'tests/data/charsets/undeclared-koi8-r.html').read_bytes()
    status, head, body = ask('POST', '/v1/rewrite', raw, {'Content-Type': 'text/html; charset=koi8-r'})
    tally.check('rewrite believes Content-Type', status == 200 and 'Библиотека' in body.decode('utf8', 'replace'), status)
    status, head, body = ask('POST', '/v1/article?format=json', SAMPLE, HTML)
    tally.check('article as JSON', status == 200 and 'паром' in json.loads(body).get('title', ''), (status, body[:200]))
    status, head, body = ask('POST', '/v1/article?format=text', SAMPLE, HTML)
    tally.check('article as text', status == 200 and len(words(body.decode())) > 300, status)
    quoted = '<h1>Мост открыт</h1>' + '<p>Мост через Велгу назвали "Паромщик" в память о переправе, которая служила городу сорок лет.</p>' * 3
    typed = [ask('POST', '/v1/article?format=text' + query, quoted.encode(), HTML)[2].decode() for query in ('', '&typography=1')]
    tally.check('typography is restored where asked for', '"Паромщик"' in typed[0] and '«Паромщик»' in typed[1], typed)
    described = json.loads(ask('GET', '/openapi.json')[2])['paths']['/v1/article']
    names = {method: {p['name'] for p in described[method]['parameters']} for method in ('get', 'post')}
    tally.check('what is about fetching is described for GET alone', {'typography', 'follow', 'prefer', 'url'} <= names['get']
                and 'typography' in names['post'] and not {'follow', 'prefer', 'url'} & names['post'], names)
    status, head, body = ask('POST', '/v1/pdf?style=rnib-large', SAMPLE, HTML)
    tally.check('pdf', status == 200 and head.get('content-type') == 'application/pdf' and body.startswith(b'%PDF-'), (status, head, body[:200]))
    status, head, body = ask('POST', '/v1/preview?page=1', SAMPLE, HTML)
    tally.check('preview', status == 200 and head.get('content-type') == 'image/png' and body.startswith(b'\x89PNG'), (status, head, body[:200]))
    status, head, body = ask('POST', '/v1/check', SAMPLE, HTML)
    tally.check('check', status == 200 and len(body) > 50, (status, body[:200]))

    def problem(what, code, method, path, body=None, headers=HTML, mentions=''):
        status, head, answer = ask(method, path, body, headers)
        kind = head.get('content-type', '')
        ok = status == code and kind.startswith('application/problem+json') and mentions in answer.decode()
        ok = ok and {'title', 'status'} <= set(json.loads(answer))
        tally.check(what, ok, (status, kind, answer[:300]))

    problem('an unknown theme is 400 and named', 400, 'POST', '/v1/rewrite?theme=nonesuch', SAMPLE, mentions='nonesuch')
    problem('an unknown option is 400 and named', 400, 'POST', '/v1/rewrite?colour=red', SAMPLE, mentions='colour')
    problem('further pages of what was sent are refused', 400, 'POST', '/v1/article?follow=2', SAMPLE, mentions='follow')
    problem('an address that is not allowed is 403', 403, 'GET', '/v1/rewrite?url=' + urllib.parse.quote('http://127.0.0.1:1/'))
    problem('no such route is 404', 404, 'GET', '/nowhere')
    problem('a page without an article is 422', 422, 'POST', '/v1/pdf', (SAMPLES / 'glavnaya.html').read_bytes())
    problem('something that is no page is 415', 415, 'POST', '/v1/article', b'%PDF-1.7 \x00\x01', {'Content-Type': 'application/pdf'})
    problem('a limit cannot be loosened, only tightened', 413, 'POST', '/v1/article?max-input=1K', SAMPLE)

    # Streaming both ways: the first bytes come back before the last have been sent.
    s = socket.create_connection(('127.0.0.1', server.port), timeout=20)
    s.sendall(b'POST /v1/rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n')
    chunk = lambda b: s.sendall(b'%x\r\n%s\r\n' % (len(b), b))
    chunk('<!DOCTYPE html><html lang="ru"><head><title>Поток</title></head><body><h1>Поток</h1>'.encode())
    for i in range(400):
        chunk(f'<p>Абзац {i}, который пришёл раньше, чем страница кончилась, и должен уйти к читателю сразу.</p>'.encode())
    early = b''
    try:
        while 'Абзац 5,'.encode() not in early:
            part = s.recv(65536)
            if not part:
                break
            early += part
    except OSError:
        pass
    tally.check('the first bytes leave before the last have come', early.startswith(b'HTTP/1.1 200') and 'Абзац 5,'.encode() in early, early[:200])
    chunk('<p>Последний абзац.</p></body></html>'.encode())
    s.sendall(b'0\r\n\r\n')
    rest = early
    while part := s.recv(65536):
        rest += part
    s.close()
    tally.check('and the last bytes come too', 'Последний абзац.'.encode() in rest and rest.endswith(b'0\r\n\r\n'), rest[-200:])

    # A reader that goes away, and eight at once.
    s = socket.create_connection(('127.0.0.1', server.port), timeout=20)
    s.sendall(b'POST /v1/pdf HTTP/1.1\r\nHost: x\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<html>')
    s.close()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(ask('POST', '/v1/pdf', SAMPLE, HTML)[0])) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    tally.check('eight at once are all served', sorted(answers) == [200] * 8, answers)
    tally.check('the service is still there', server.lives() and ask('GET', '/healthz')[0] == 200)

    # Profile and filter lists are read anew on SIGHUP, and what cannot be read changes nothing.
    with tempfile.NamedTemporaryFile('w', suffix='.toml') as profile:
        def write(text):
            profile.seek(0)
            profile.truncate()
            profile.write(text)
            profile.flush()

        all_headings = re.findall(r'<h2[^>]*>([^<]+)<', SAMPLE.decode())
        all_of_them = len(all_headings)
        write("remove = ['h2']")
        with Service('--site', profile.name) as knowing:
            def headings():
                """Of the sample's headings of the second level, those on the page."""
                page = knowing.ask('POST', '/v1/rewrite', SAMPLE, HTML)[2].decode()
                return sum(f'>{heading}<' in page for heading in all_headings)

            def eventually(wanted):
                for _ in range(50):
                    if headings() == wanted:
                        return True
                    time.sleep(0.1)
                return False

            tally.check('a site profile counts', headings() == 0, headings())
            write('')
            knowing.send(signal.SIGHUP)
            tally.check('SIGHUP reads the profile anew', eventually(all_of_them) and all_of_them > 0, headings())
            write('remove = [')
            knowing.send(signal.SIGHUP)
            time.sleep(0.5)
            tally.check('a profile that cannot be read changes nothing', headings() == all_of_them and knowing.lives(), headings())
        said = knowing.said()
        tally.check('and it is said', 'SIGHUP' in said and 'stay in force' in said, said[-500:])

    # The log for people: colours are for a terminal.
    with Service() as logging:
        logging.ask('GET', '/nowhere')
    tally.check('a log that goes to a file has no colours', 'status=404' in logging.said() and '\x1b' not in logging.said(), logging.said())

    # The log for machines: every line is JSON, and what is said about a request carries its id.
    with Service('--log-format', 'json', '--trusted-proxy', '127.0.0.1') as logging:
        logging.ask('GET', '/v1/themes', headers={'X-Request-Id': 'abc-1'})
        logging.ask('GET', '/nowhere')
    lines = logging.said().splitlines()
    try:
        lines = [json.loads(line) for line in lines]
        answered = [line for line in lines if line.get('message') == 'answered']
        sound = [(line['id'], line['path'], line['status']) for line in answered if line['id'] == 'abc-1'] == [('abc-1', '/v1/themes', 200)]
        tally.check('the log can be had as JSON, with ids', sound and any(line['status'] == 404 for line in answered), lines)
    except ValueError as e:
        tally.check('the log can be had as JSON, with ids', False, (e, lines))

    code = server.end()
    tally.check('SIGTERM ends it in order', code == 0, f'exit {code}')
finally:
    server.end()
tally.finish('service')
