#!/usr/bin/env python3
"""Makes of each page one that is unlike it, so that training meets kinds of pages that its sets lack.

usage: augment.py OUT PAGES…

PAGES are directories as train.py takes them, OUT gets directories of the same kind, SET.KIND. Kinds: names and ids
shuffled or dropped (`names`); the text cut to a few paragraphs (`short`), to stubs without sentences (`stubs`,
`shortstubs`) or to "term: value" lines (`kvs`); paragraphs made items (`list`), rows (`table`), divisions (`divs`) or
bold lines (`bold`); lists of links of other pages set into the text (`planted`). The answer changes with the page. A
share of all loses its end tags. Needs lxml; the same pages always give the same result.
"""
import collections, json, random, re, sys
from pathlib import Path
from lxml import etree, html
TOK=re.compile(r'\w+')
out = Path(sys.argv[1])
BLOCK=set('p div li td th h2 h3 h4 h5 h6 blockquote section article dd dt figcaption pre ul ol table tr tbody dl figure main aside header footer nav form center'.split())
rnd=random.Random(11)
pages = [str(f) for d in sys.argv[2:] for f in sorted(Path(d).glob('*.html'))]
def text(e): return ' '.join(''.join(e.itertext()).split())
def leafs(doc):
    for e in doc.iter():
        if not isinstance(e.tag,str) or e.tag not in ('p','div','li','td','h2','h3','h4','h5','h6','blockquote','dd','dt'): continue
        if any(isinstance(c.tag,str) and (c.tag in BLOCK or c.tag in ('br','script','style','iframe','form','button','input')) for c in e.iterdescendants()): continue
        yield e
foreign=[]  # boxes of other pages: link lists with headings
def collect(doc,grams):
    for e in doc.iter('ul','div','aside','section'):
        n=len(list(e.iter()))
        if not 6<=n<=60: continue
        t=TOK.findall(text(e))
        if not 15<=len(t)<=90: continue
        links=sum(len(TOK.findall(text(a))) for a in e.iter('a'))
        if links<len(t)*.5 or len(list(e.iter('a')))<3: continue
        if sum(tuple(t[i:i+3]) in grams for i in range(len(t)-2))>0.1*len(t): continue
        foreign.append(etree.tostring(e,encoding='unicode',method='html',with_tail=False)); return
def rename(doc,kind):
    names={}
    for e in doc.iter():
        if not isinstance(e.tag,str): continue
        for k in ('class','id','data-component','data-testid','data-qa','data-module','role','itemprop','property'):
            v=e.get(k)
            if v is None: continue
            if kind=='strip': del e.attrib[k]
            elif k in ('class','id'):
                new=[]
                for w in v.split():
                    if w not in names: names[w]=''.join(rnd.choice('bcdfghjklmnpqrstvwxz') for _ in range(rnd.randint(4,6)))+str(rnd.randint(0,99))
                    new.append(names[w])
                e.set(k,' '.join(new))
            else: del e.attrib[k]
counts=collections.Counter()
for p in pages:
    f=Path(p); raw=f.read_bytes(); truth=f.with_suffix('.truth.txt').read_text('utf-8')
    if len(raw)>1_500_000: continue
    try:
        m=re.search(rb'charset=["\']?([\w-]+)',raw[:4000]); enc=m.group(1).decode() if m else 'utf-8'
        try: s=raw.decode(enc)
        except Exception: s=raw.decode('utf-8','replace')
        s=re.sub(r'^\s*<\?xml[^>]*>','',s)
        doc=html.document_fromstring(s)
    except Exception as e: continue
    tt=TOK.findall(truth); grams={tuple(tt[i:i+3]) for i in range(len(tt)-2)}
    blocks=[]; 
    for e in leafs(doc):
        t=TOK.findall(text(e))
        if not t: continue
        if len(t)>=4: hit=sum(tuple(t[i:i+3]) in grams for i in range(len(t)-2))>=.8*(len(t)-2)
        else: hit=(' '+' '.join(t)+' ') in (' '+' '.join(tt)+' ')
        blocks.append((e,len(t),hit))
    first=next((i for i,b in enumerate(blocks) if b[2] and b[1]>=8),None)
    last=next((i for i in range(len(blocks)-1,-1,-1) if blocks[i][2] and blocks[i][1]>=8),None)
    cover=0
    if first is not None: T=[b for b in blocks[first:last+1] if b[2]]; cover=sum(b[1] for b in T)/max(1,len(tt))
    collect(doc,grams)
    good=.85<=cover<=1.1 and len(T)>=3
    kind=rnd.choice(['names','short','stubs','list','divs','planted','shortstubs','table','kvs','bold']) if good else 'names'
    mod=False
    if kind!='names': T=[b for b in T if b[0].getparent() is not None]
    new=[]
    def settext(e,t):
        tail=e.tail; 
        for c in list(e): e.remove(c)
        e.text=t; e.tail=tail
    def cut(e,lo,hi,dot):
        w=text(e).split(); n=rnd.randint(lo,hi)
        t=' '.join(w[:n]).rstrip('.,;:!?…—–-«"(')
        if rnd.random()<dot: t+='.'
        settext(e,t)
    if kind in ('short','shortstubs'):
        keep=rnd.randint(1,3) if kind=='short' else rnd.randint(3,8)
        big=[b for b in T if b[1]>=8 or kind=='shortstubs'][:keep]
        ids={id(b[0]) for b in big}
        for e,n,h in T:
            if id(e) not in ids and e.getparent() is not None: 
                e.drop_tree()
        T=[b for b in T if id(b[0]) in ids]
    if kind in ('stubs','shortstubs'):
        lo,hi=rnd.choice([(1,4),(2,8),(4,12)]); dot=rnd.choice([0,.5,1])
        for e,n,h in T: cut(e,lo,hi,dot)
    if kind=='kvs':
        for e,n,h in T:
            w=text(e).split()
            if len(w)>=5 and rnd.random()<.8: settext(e,' '.join(w[:rnd.randint(1,2)]).rstrip('.,:;')+': '+' '.join(w[2:rnd.randint(3,8)]))
    if kind in ('list','table','bold'):
        # runs of sibling blocks become lists or tables of short items
        i=1
        run=[b[0] for b in T[1:]]
        by=collections.OrderedDict()
        for e in run: by.setdefault(id(e.getparent()),[]).append(e)
        for es in by.values():
            es=[e for e in es if e.tag in('p','div')]
            if len(es)<2: continue
            if kind=='bold':
                for e in es:
                    if rnd.random()<.3:
                        cut(e,1,5,0); 
                        b=etree.Element('b'); b.text=e.text; e.text=None; e.append(b)
                continue
            n=rnd.randint(2,min(10,len(es))); at=rnd.randint(0,len(es)-n); part=es[at:at+n]
            short=rnd.random()<.7
            lst=etree.Element(rnd.choice(['ul','ol','ul']) if kind=='list' else 'table'); par=part[0].getparent(); par.insert(par.index(part[0]),lst); 
            for e in part:
                t=text(e); e.tail=e.tail
                w=t.split()
                if short: w=w[:rnd.randint(1,7)]
                if kind=='list': li=etree.SubElement(lst,'li'); li.text=' '.join(w)
                else:
                    tr=etree.SubElement(lst,'tr'); k=rnd.randint(1,3)
                    cells=[' '.join(w[j::1][:max(1,len(w)//3)]) for j in range(0,len(w),max(1,len(w)//3))][:4]
                    for c in cells: td=etree.SubElement(tr,'td'); td.text=c
                e.drop_tree()
        T=None
    if kind=='divs':
        for e,n,h in T:
            if e.tag=='p': e.tag='div'; 
    planted=[]
    if kind=='planted' and len(foreign)>30:
        for _ in range(rnd.randint(1,3)):
            e=rnd.choice(T[1:])[0]; par=e.getparent()
            try: box=html.fragment_fromstring(rnd.choice(foreign[:-1]))
            except Exception: continue
            par.insert(par.index(e),box); box.tail=None
    if kind=='names' or rnd.random()<.35: rename(doc,rnd.choice(['strip','shuffle']))
    # the truth: text of what was truth, in the new page
    if kind in ('names','planted','divs'): newtruth=truth
    elif T is not None: newtruth='\n'.join(text(b[0]) for b in T)
    else:
        # list, table, bold: recompute
        newtruth=None
        parts=[]
        for e in doc.iter('p','div','li','td','h2','h3','h4','h5','h6','blockquote','dd','dt'):
            if any(isinstance(c.tag,str) and (c.tag in BLOCK or c.tag in('br','script','style','iframe','form','button','input')) for c in e.iterdescendants()): continue
            t=TOK.findall(text(e))
            if not t: continue
            if len(t)>=4: hit=sum(tuple(t[i:i+3]) in grams for i in range(len(t)-2))>=.8*(len(t)-2)
            else: hit=(' '+' '.join(t)+' ') in (' '+' '.join(tt)+' ')
            parts.append((text(e),len(t),hit))
        a=next((i for i,b in enumerate(parts) if b[2] and b[1]>=8),0); z=next((i for i in range(len(parts)-1,-1,-1) if parts[i][2] and parts[i][1]>=3),-1)
        newtruth='\n'.join(b[0] for b in parts[a:z+1] if b[2])
    if not newtruth.strip(): continue
    for e in doc.iter('script'):
        # JSON-LD bodies would give it away
        if 'json' in (e.get('type') or '') and kind not in('names','planted','divs') and e.text and 'articleBody' in e.text: e.text='{}'
    o=out/f'{f.parent.name}.{kind}'; o.mkdir(parents=True,exist_ok=True)
    s='<!DOCTYPE html>'+etree.tostring(doc,encoding='unicode',method='html')
    if rnd.random()<.2: s=re.sub(r'</(p|li|td|tr)>','',s)
    # always utf-8
    s=re.sub(r'(?i)<meta[^>]+charset[^>]*>','',s); s=s.replace('<head>','<head><meta charset="utf-8">',1) if '<head>' in s else '<meta charset="utf-8">'+s
    (o/f.name).write_text(s,'utf-8'); (o/(f.stem+'.truth.txt')).write_text(newtruth,'utf-8')
    m=f.with_suffix('.meta.json'); meta=json.loads(m.read_text()) if m.exists() else {}
    (o/(f.stem+'.meta.json')).write_text(json.dumps({'site':meta.get('site') or f.stem})); counts[kind]+=1
print(dict(counts))
