// Uses the settings panel of a rewritten page as a reader without JavaScript and without a mouse would, from a file.
//   node panel.mjs CLEARPRINT
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, root, Tally } from './browser.mjs';

const [clearprint] = process.argv.slice(2);
if (!clearprint) { console.error('usage: node panel.mjs CLEARPRINT'); process.exit(2); }

const browser = await launch();
const tally = new Tally();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clearprint-panel-'));
fs.symlinkSync(path.join(root, 'samples/img'), path.join(folder, 'img'));
const rewrite = (...options) => {
  const run = spawnSync(clearprint, ['rewrite', path.join(root, 'samples/parom.html'), ...options], { maxBuffer: 1 << 26, timeout: 60000 });
  if (run.status !== 0) { tally.fail('rewrite', String(run.stderr)); process.exit(tally.finish('settings panel')); }
  const file = path.join(folder, 'page.html');
  fs.writeFileSync(file, run.stdout);
  return pathToFileURL(file).href;
};

// What a paragraph looks like now; asked by the test, not by a script of the page.
const look = (page) => page.evaluate(() => {
  const text = [...document.querySelectorAll('main p')].find((p) => p.textContent.length > 200);
  const picture = [...document.querySelectorAll('main img')].find((i) => i.alt.length > 10);
  const s = getComputedStyle(text);
  return {
    color: s.color,
    ground: getComputedStyle(document.body).backgroundColor,
    link: getComputedStyle(document.querySelector('main a[href]')).color,
    size: parseFloat(s.fontSize),
    line: parseFloat(s.lineHeight) / parseFloat(s.fontSize),
    letter: s.letterSpacing,
    word: s.wordSpacing,
    gap: parseFloat(s.marginBottom),
    family: s.fontFamily,
    width: Math.round(parseFloat(getComputedStyle(document.body).maxWidth) / parseFloat(s.fontSize)),
    picture: picture.getClientRects().length > 0,
    gray: getComputedStyle(picture).filter,
    // The description as text on the page, seen, while the picture is hidden.
    described: [...document.querySelectorAll('main *')].some((e) => e.children.length === 0 && e.textContent.includes(picture.alt) && e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible'),
  };
});

const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1000, height: 900 } });
const page = await context.newPage();
await page.goto(rewrite(), { waitUntil: 'load' });

// The panel is opened with the keyboard: Tab to its summary, Enter.
const onSummary = () => page.evaluate(() => document.activeElement?.matches('[data-clearprint-panel] summary, summary:has(~ [data-clearprint-panel]), summary'));
let opened = false;
for (let i = 0; i < 12 && !opened; i += 1) {
  await page.keyboard.press('Tab');
  if (await onSummary()) { await page.keyboard.press('Enter'); opened = true; }
}
const shown = await page.evaluate(() => [...document.querySelectorAll('[data-clearprint-panel] input')].filter((e) => e.getClientRects().length).length);
tally.check('the panel opens by keyboard', shown > 10, `${shown} controls shown`);

const groups = await page.evaluate(() => {
  const radios = [...document.querySelectorAll('[data-clearprint-panel] input[type=radio]')];
  return [...new Set(radios.map((r) => r.name))].map((name) => ({
    name,
    legend: radios.find((r) => r.name === name).closest('fieldset')?.querySelector('legend')?.textContent.trim() ?? '',
    values: radios.filter((r) => r.name === name).map((r) => r.value),
    checked: radios.filter((r) => r.name === name && r.checked).length,
  }));
});
tally.check('there is a group for each setting', groups.length >= 7, JSON.stringify(groups.map((g) => g.name)));
for (const g of groups) {
  tally.check(`${g.name}: has a legend`, g.legend);
  tally.check(`${g.name}: one choice is made`, g.checked === 1, `${g.checked} are`);
  tally.check(`${g.name}: has choices`, g.values.length >= 3, g.values.join());
}

// Arrow keys go through every choice of every group; each choice must change what it names, and only be undone by another.
const seen = {};
for (const g of groups) {
  await page.evaluate((name) => document.querySelector(`[data-clearprint-panel] input[name="${name}"]:checked`).focus(), g.name);
  seen[g.name] = new Map();
  for (let i = 0; i < g.values.length; i += 1) {
    await page.keyboard.press('ArrowDown');
    const value = await page.evaluate((name) => document.querySelector(`[data-clearprint-panel] input[name="${name}"]:checked`).value, g.name);
    seen[g.name].set(value, await look(page));
  }
  tally.check(`${g.name}: arrow keys reach every choice`, seen[g.name].size === g.values.length, [...seen[g.name].keys()].join());
  const different = new Set([...seen[g.name].values()].map((l) => JSON.stringify(l)));
  tally.check(`${g.name}: each choice shows`, different.size === g.values.length, `${different.size} looks for ${g.values.length} choices`);
}

const rgb = (c) => c.match(/[\d.]+/g).slice(0, 3).map(Number);
const luminance = (c) => rgb(c).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
const ratio = (a, b) => { const [hi, lo] = [luminance(a), luminance(b)].sort((m, n) => n - m); return (hi + 0.05) / (lo + 0.05); };
const group = (pattern) => seen[groups.find((g) => pattern.test(g.name))?.name] ?? new Map();
const spread = (map, key) => { const v = [...map.values()].map((l) => l[key]); return Math.max(...v) / Math.min(...v); };

for (const [value, l] of group(/theme|look|colou?r/)) {
  tally.check(`theme ${value}: text 7:1`, ratio(l.color, l.ground) >= 7, ratio(l.color, l.ground).toFixed(2));
  tally.check(`theme ${value}: link 7:1`, ratio(l.link, l.ground) >= 7, ratio(l.link, l.ground).toFixed(2));
}
tally.check('every theme of the folder is on the panel', group(/theme|look|colou?r/).size >= fs.readdirSync(path.join(root, 'themes/screen')).length, group(/theme/).size);
tally.check('size goes from 100 to 300 % at least', spread(group(/size/), 'size') >= 3, spread(group(/size/), 'size'));
const lines = [...group(/line/).values()].map((l) => l.line);
tally.check('line height is never under 1.5, and goes to 2.5', Math.min(...lines) >= 1.49 && Math.max(...lines) >= 2.49, lines.join());
const pictures = group(/image/);
const hidden = [...pictures.values()].filter((l) => !l.picture);
tally.check('pictures can be hidden', hidden.length === 1);
tally.check('a hidden picture leaves its description', hidden.every((l) => l.described));
tally.check('a shown picture does not', [...pictures.values()].filter((l) => l.picture).every((l) => !l.described));
tally.check('pictures can be grey', [...pictures.values()].some((l) => /grayscale/.test(l.gray)));

// What is chosen when the page is written is chosen in the panel.
await page.goto(rewrite('--theme', 'yellow-on-black', '--size', '200', '--images', 'hide'), { waitUntil: 'load' });
const chosen = await page.evaluate(() => [...document.querySelectorAll('[data-clearprint-panel] input:checked')].map((e) => e.value));
tally.check('the panel shows what the page was written with', ['yellow-on-black', '200', 'hide'].every((v) => chosen.includes(v)), chosen.join());

await page.goto(rewrite('--no-panel'), { waitUntil: 'load' });
tally.check('--no-panel leaves it out', await page.evaluate(() => document.querySelectorAll('[data-clearprint-panel]').length) === 0);

fs.rmSync(folder, { recursive: true });
await browser.close();
process.exit(tally.finish('settings panel'));
