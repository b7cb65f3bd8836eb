#!/usr/bin/env python3
"""Trains the two judgements of passages and writes them as readable tables.

usage: train.py PAGES… --out src/article/judge --lessons target/debug/examples/lessons

PAGES are directories of ID.html with ID.truth.txt (the article's text) and ID.meta.json ({"site": …}). All pages of a
site are in the same fold, so that what is measured is how sites fare that training has not seen.
"""
import argparse, collections, datetime, hashlib, json, math, re, statistics, subprocess
from pathlib import Path
import numpy as np
import lightgbm as lgb

TOKEN = re.compile(r'\w+')
FOLDS = 4
# How much a page of a set counts; sets whose answers another tool wrote count less, sets of hard pages more.
WEIGHTS = {'mozilla': 0.3, 'wcxb_article': 0.55, 'daniel_ru': 2.0, 'scrapinghub': 1.5}

# What the second round sees beside what the first says: few numbers, so that it learns borders and not pages.
SECOND = set("""words|link density|ends a sentence|set phrases|in the core|after the title|words since the title|c.caption|c.related|c.comment|c.credit|c.author|c.share|c.promo|c.newsletter|c.lead|t.li|t.h2|t.h3|t.figcaption|t.p|-1 words|+1 words|-1 link density|+1 link density|container 1 words|container 1 link density|container 2 good share|template's passages|template's mean words|begins with a capital|in the description|is a copy|copies|clock time|year|digits|words of the title|good words before|good words after|page passages|author|photo|related|copyright|source|tags|published|comment|subscribe|more|line breaks before|links|bold|function words|capitalised words|said before|said after|container 1 set phrases|container 2 set phrases|container 1 with links|container 1 begins foreign|container 2 begins foreign|heading foreign|since the heading|heading's words""".split('|'))
JUDGED = re.compile(r'judged|kept|strong')

def pages(directories):
    out = []
    for d in map(Path, directories):
        for f in sorted(d.glob('*.html')):
            truth = f.with_suffix('.truth.txt')
            if truth.exists():
                meta = f.with_suffix('.meta.json')
                site = json.loads(meta.read_text()).get('site') if meta.exists() else None
                out.append(dict(path=str(f), set=d.name, site=site or f.stem, truth=truth.read_text('utf-8')))
    return out

def label(passages, truth):
    """How much of each passage stands in the truth: longest common runs first, each word of the truth used once."""
    words, owner = [], []
    for n, text in enumerate(passages):
        t = TOKEN.findall(text)
        words += t; owner += [n]*len(t)
    want = TOKEN.findall(truth)
    size = 3
    places = collections.defaultdict(list)
    for j in range(len(want)-size+1): places[tuple(want[j:j+size])].append(j)
    runs, last = {}, {}
    # Runs along diagonals: a run goes on while the next three words match too.
    found = []
    active = {}
    for i in range(len(words)-size+1):
        now = {}
        for j in places.get(tuple(words[i:i+size]), ())[:200]:
            run = active.pop(j-1, None)
            if run is None: run = [i, j, size]
            else: run[2] += 1
            now[j] = run
        found += active.values(); active = now
    found += active.values()
    used, got = bytearray(len(want)), bytearray(len(words))
    for i, j, n in sorted(found, key=lambda r: -r[2]):
        k = 0
        while k < n:
            while k < n and (used[j+k] or got[i+k]): k += 1
            s = k
            while k < n and not used[j+k] and not got[i+k]: k += 1
            if k-s >= size or (s == 0 and k == n):
                for m in range(s, k): used[j+m] = 1; got[i+m] = 1
    # Short passages that fill a hole of the truth exactly.
    holes = collections.defaultdict(int)
    j = 0
    while j < len(want):
        if used[j]: j += 1; continue
        s = j
        while j < len(want) and not used[j]: j += 1
        holes[tuple(want[s:j])] += 1
    total, hit = collections.Counter(owner), collections.Counter(o for o, g in zip(owner, got) if g)
    start = {}
    for i, o in enumerate(owner): start.setdefault(o, i)
    out = np.zeros(len(passages), np.float32)
    for n in range(len(passages)):
        if not total[n]: continue
        out[n] = hit[n]/total[n]
        if not hit[n] and total[n] <= 8:
            key = tuple(words[start[n]:start[n]+total[n]])
            if holes.get(key): holes[key] -= 1; out[n] = 1
    return out, np.array([total[n] for n in range(len(passages))], np.float32)

def lessons(program, all_pages, out, scores=None):
    command = [program, out] + ([scores] if scores else [])
    subprocess.run(command, input='\n'.join(p['path'] for p in all_pages), text=True, check=True)
    names = Path(out+'.names').read_text().split('\n')
    rows = np.fromfile(out+'.f32', np.float32).reshape(-1, len(names))
    texts = [json.loads(l)['passages'] for l in open(out+'.jsonl')]
    return names, rows, texts

def shingles(t):
    return collections.Counter(tuple(t[i:i+4]) for i in range(max(1, len(t)-3)) if t[i:i+4])

def f1(all_pages, texts, keep):
    """The scrapinghub measure of each set."""
    P, R = collections.defaultdict(list), collections.defaultdict(list)
    at = 0
    for p, passages in zip(all_pages, texts):
        k = keep[at:at+len(passages)]; at += len(passages)
        b = shingles([w for s, y in zip(passages, k) if y for w in TOKEN.findall(s)])
        if 'shingles' not in p: p['shingles'] = shingles(TOKEN.findall(p['truth']))
        a = p['shingles']
        tp = sum(min(c, b[s]) for s, c in a.items() if s in b)
        na, nb = sum(a.values()), sum(b.values())
        p['f1'] = 2*tp/(na+nb) if na+nb else 1.
        if nb: P[p['set']].append(tp/nb)
        if na: R[p['set']].append(tp/na)
    out = {}
    for s in R:
        x, y = statistics.fmean(P[s]), statistics.fmean(R[s]); out[s] = 2*x*y/(x+y)
    return out

def show(name, scores):
    print(f'{name:<16}', ' '.join(f'{k[:11]} {v:.4f}' for k, v in sorted(scores.items())), f'mean {statistics.fmean(scores.values()):.4f}', flush=True)

def export(model, names, path, about):
    """One line a node: `feature<TAB>threshold<TAB>left<TAB>right` within a tree; leaves are `=value`."""
    lines = [f'# {about}', '# A tree is a list of nodes; a node is "feature | threshold | node if at most | node if more", a leaf "= value".']
    for tree in model.dump_model()['tree_info']:
        nodes = []
        def walk(n):
            at = len(nodes); nodes.append(None)
            if 'leaf_value' in n: nodes[at] = f'= {n["leaf_value"]:.4g}'
            else:
                left = walk(n['left_child']); right = walk(n['right_child'])
                nodes[at] = f'{names[n["split_feature"]]} | {n["threshold"]:.6g} | {left} | {right}'
            return at
        walk(tree['tree_structure'])
        lines.append('tree'); lines += nodes
    Path(path).write_text('\n'.join(lines)+'\n')

def sha256(*parts):
    h = hashlib.sha256()
    for part in parts: h.update(part)
    return h.hexdigest()

def record(path, ps, out, parameters):
    """What the forests in `out` were learned from, so that anyone can tell which pages they have seen."""
    sets = {}
    for name in sorted({p['set'] for p in ps}):
        own = sorted((p for p in ps if p['set'] == name), key=lambda p: p['path'])
        files = (part for p in own for part in (Path(p['path']).name.encode(), Path(p['path']).read_bytes(), p['truth'].encode()))
        sets[name] = dict(pages=len(own), sites=len({p['site'] for p in own}), weight=WEIGHTS.get(name, 1.0), sha256=sha256(*files))
    forests = {f: sha256((Path(out)/f).read_bytes()) for f in ('first.trees', 'second.trees')}
    made = dict(date=datetime.date.today().isoformat(), lightgbm=lgb.__version__, numpy=np.__version__)
    Path(path).write_text(json.dumps(dict(made, forests=forests, parameters=parameters, sets=sets), indent=2)+'\n')

def main():
    a = argparse.ArgumentParser(); a.add_argument('pages', nargs='+'); a.add_argument('--out'); a.add_argument('--lessons', required=True)
    a.add_argument('--work', default='/tmp/lessons'); a.add_argument('--trees', type=int, default=120); a.add_argument('--leaves', type=int, default=24)
    a.add_argument('--rate', type=float, default=0.1); a.add_argument('--worst', type=int, default=0); a.add_argument('--save')
    a.add_argument('--record', default=str(Path(__file__).with_name('record.json')))
    a = a.parse_args()
    ps = pages(a.pages)
    names, rows, texts = lessons(a.lessons, ps, a.work+'1')
    print(len(ps), 'pages', rows.shape, flush=True)
    sites = sorted({p['site'] for p in ps}); import random; random.Random(7).shuffle(sites)
    fold_of = {s: n % FOLDS for n, s in enumerate(sites)}
    y, w, fold = [], [], []
    for p, t in zip(ps, texts):
        l, n = label(t, p['truth'])
        y.append(l); fold += [fold_of[p['site']]]*len(t)
        # What a passage can spoil: its own words and the runs of four that it breaks.
        inside = max(float((l*n).sum()), 40.)
        w.append(np.minimum((n+3)/inside, 1.)*(n > 0)*WEIGHTS.get(p['set'], 1.))
    y, w, fold = np.concatenate(y), np.concatenate(w), np.array(fold)
    show('labels', f1(ps, texts, y > 0.5))
    params = dict(objective='cross_entropy', num_leaves=a.leaves, learning_rate=a.rate, min_data_in_leaf=200, min_sum_hessian_in_leaf=1e-3,
        feature_fraction=0.35, bagging_fraction=0.8, bagging_freq=1, lambda_l2=8., max_bin=63, verbose=-1, num_threads=1, seed=3, force_col_wise=True, path_smooth=1.0)
    # Menus are many and easy: one in four of them stands for the others.
    easy = (rows[:, names.index('link density')] > 0.8) & (rows[:, names.index('words')] < 8) & (y == 0)
    rest = np.random.RandomState(1).rand(len(y)) > 0.25
    used = ~(easy & rest) & (w > 0)
    w = np.where(easy, w*4, w)
    w = w/(w[used].sum()/used.sum())
    def fit(x, which):
        return lgb.train(params, lgb.Dataset(x[which], y[which], weight=w[which]), a.trees)
    def cross(x):
        p = np.zeros(len(y), np.float32)
        for k in range(FOLDS):
            p[fold == k] = fit(x, used & (fold != k)).predict(x[fold == k])
            print('fold', k, flush=True)
        return p
    p1 = cross(rows)
    show('first', f1(ps, texts, p1 > 0.5))
    p1.tofile(a.work+'.scores')
    names2, rows2, _ = lessons(a.lessons, ps, a.work+'2', a.work+'.scores')
    chosen = [n for n, name in enumerate(names2) if name in SECOND or JUDGED.search(name)]
    names2, rows2 = [names2[n] for n in chosen], np.ascontiguousarray(rows2[:, chosen])
    p2 = cross(rows2)
    for t in (0.4, 0.45, 0.5, 0.55): show(f'second {t}', f1(ps, texts, p2 > t))
    odds = lambda p: np.log(np.clip(p, 1e-4, 1-1e-4)/(1-np.clip(p, 1e-4, 1-1e-4)))
    both = 1/(1+np.exp(-0.5*odds(p1)-0.5*odds(p2)))
    show('both', f1(ps, texts, both > 0.5))
    tokens = np.array([len(TOKEN.findall(x))+1. for t in texts for x in t]); keep, at = np.zeros(len(y), bool), 0
    for t in texts:  # as judge::threshold
        q, v = both[at:at+len(t)], tokens[at:at+len(t)]
        o = np.argsort(-q); best = (2*np.cumsum((q*v)[o])/(np.cumsum(v[o])+(q*v).sum())).max(initial=0)
        keep[at:at+len(t)] = q > min(max(best/2, 0.35), 0.5); at += len(t)
    show('threshold', f1(ps, texts, keep))
    if a.save: p2.tofile(a.save)
    for p in sorted(ps, key=lambda p: p['f1'])[:a.worst]: print(f"  {p['f1']:.3f} {p['set']}/{Path(p['path']).stem} {p['site']}")
    if a.out:
        for x, n, f, about in ((rows, names, 'first.trees', 'The first judgement'), (rows2, names2, 'second.trees', 'The second judgement, which knows the first')):
            m = fit(x, used)
            export(m, n, Path(a.out)/f, f'{about}, learned by tools/train/train.py.')
            gain = sorted(zip(m.feature_importance('gain'), n), reverse=True)
            print(f, [g[1] for g in gain[:25]], 'unused:', sum(g[0] == 0 for g in gain))
        record(a.record, ps, a.out, dict(trees=a.trees, leaves=a.leaves, rate=a.rate, folds=FOLDS, **{k: v for k, v in params.items() if k not in ('verbose', 'num_threads', 'num_leaves', 'learning_rate')}))

if __name__ == '__main__': main()
