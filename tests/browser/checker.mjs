// The checker is checked first: a clean page must be found clean, and the same page with one planted fault must be found
// guilty of that fault. A checker that finds nothing proves nothing.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { here, launch, Tally } from './browser.mjs';
import { findings } from './standards.mjs';

const good = fs.readFileSync(path.join(here, 'fixtures/good.html'), 'utf8');

const swap = (from, to) => (html) => {
  const out = html.replace(from, to);
  if (out === html) throw new Error(`the fixture no longer holds ${from}`);
  return out;
};
const css = (rules) => swap('</style>', `${rules}</style>`);
const text = (markup) => swap('<h2 id="more">', `${markup}<h2 id="more">`);
const long = 'A paragraph of more than eighty characters, which is what it takes to be counted as a block of text here.';

// [the rule that must be named, the fault]
const faults = [
  ['3.1.1', swap(' lang="en"', '')],
  ['2.4.2', swap('<title>A clean page</title>', '')],
  ['charset', swap('<meta charset="utf-8">', '<meta charset="windows-1251">')],
  ['1.3.1 headings', swap('<h1>A clean page</h1>', '<h1>A clean page</h1><h1>Again</h1>')],
  ['1.3.1 headings', swap('<h2 id="more">More</h2>', '<h3 id="more">More</h3>')],
  ['1.3.1 landmarks', swap(/<(\/?)main/g, '<$1div')],
  ['2.4.1', swap('<a class="skip" href="#text">Skip to the text</a>', '<p><a href="https://elsewhere.example/">Home</a></p>')],
  ['2.4.1', swap('href="#text"', 'href="#nowhere"')],
  ['4.1.1', text('<p id="more">twice</p>')],
  ['1.4.4', swap('initial-scale=1', 'initial-scale=1, user-scalable=no')],
  ['1.4.4', swap(/<meta name="viewport"[^>]*>/, '')],
  ['script', text('<script>window.a = 1</script>')],
  ['script', text('<p onclick="a()">on</p>')],
  ['script', text('<p><a href="javascript:void 0">js</a></p>')],
  ['embed', text('<iframe title="x" srcdoc="x"></iframe>')],
  ['colours', text('<p style="color:#000">old ink</p>')],
  ['colours', text('<p><font color="#000000">old ink</font></p>')],
  ['visible', css('body { opacity: 0 }')],
  ['1.4.8 justified', css('p { text-align: justify }')],
  ['1.4.8 line height', css('p { line-height: 1.2 }')],
  ['1.4.8 line height', css('p { line-height: 0.8 }')],
  ['1.4.8 measure', css('body { max-width: 80em } html { font-size: 1rem }')],
  ['2.5.8', css('button { min-height: 10px; min-width: 10px; width: 14px; height: 14px; padding: 0; overflow: visible }')],
  ['2.5.5', css('label { min-height: 26px }')],
  ['axe color-contrast-enhanced', css('p { color: #666 }')],
  ['axe color-contrast-enhanced', css('h1 { color: #666; font-size: 3em }')],
  ['axe image-alt', swap(' alt="A dot"', '')],
  ['axe label', swap('<label><input type="radio" name="size"> 200 %</label>', '<input type="radio" name="size2">')],
  ['axe link-name', text('<p><a href="#more"></a></p>')],
  ['1.4.6', css('main { background: linear-gradient(#fff, #eee) }')],
  ['2.4.7 focus', css('a:focus-visible { outline: none }')],
  ['2.4.7 focus', css('a:focus-visible { outline: 1px solid #00408a }')],
  ['2.4.7 focus', css('a:focus-visible { outline-color: #ddd }')],
  ['2.4.7 focus, forced colours', css('a:focus-visible { outline: none; box-shadow: 0 0 0 3px #00408a }')],
  ['2.1.1', swap('<a href="#more">', '<a href="#more" tabindex="-1">')],
  ['2.1.1', css('input { display: none }')],
  ['1.4.10', text('<pre>' + 'wide '.repeat(60) + '</pre>')],
  ['1.4.10', css('main { min-width: 400px }')],
  ['2.4.11', css('form { position: sticky; top: 0; height: 50vh; background: #fff }')],
  ['1.4.12', css('h2 { height: 1.2em; overflow: hidden; line-height: 1.2 }')],
  ['print', swap('@media print { [data-clearprint-panel] { display: none; } }', '')],
  ['print', css('@media print { main { display: none } }')],
  ['external', swap('</head>', '<link rel="stylesheet" href="https://elsewhere.example/a.css"></head>')],
  ['script', text('<script>alert(1)</script>')],
];

const browser = await launch();
const tally = new Tally();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clearprint-checker-'));
const judge = async (html) => {
  const file = path.join(folder, 'page.html');
  fs.writeFileSync(file, html.replace('<h2 id="more">', `<p>${long}</p><p><button type="button">Button</button></p><h2 id="more">`));
  return findings(browser, pathToFileURL(file).href);
};
const clean = await judge(good);
tally.check('the clean page is clean', !clean.length, () => clean.map((f) => `\n     ${f.rule}: ${f.detail}`).join(''));
for (const [rule, plant] of faults) {
  const found = await judge(plant(good));
  tally.check(`planted ${rule} (${faults.findIndex((f) => f[1] === plant)})`, found.some((f) => f.rule.startsWith(rule)), () => `found only ${found.map((f) => f.rule).join(', ') || 'nothing'}`);
}
fs.rmSync(folder, { recursive: true });
await browser.close();
process.exit(tally.finish('the checker finds what was planted'));
