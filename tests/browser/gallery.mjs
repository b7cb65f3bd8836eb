// Photographs the samples for the README: before, themed and printed; all themes; all print styles.
//   node gallery.mjs CLEARPRINT FOLDER      (called by tools/gallery.sh)
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, root } from './browser.mjs';

const [clearprint, out] = process.argv.slice(2);
if (!out) { console.error('usage: node gallery.mjs CLEARPRINT FOLDER'); process.exit(2); }

const sample = path.join(root, 'samples/parom.html');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clearprint-gallery-'));
fs.symlinkSync(path.join(root, 'samples/img'), path.join(folder, 'img'));
const browser = await launch();

async function photograph(url, { width = 1100, height = 1000, type = 'png', scroll = 0 } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  await context.route(/^https?:/, (route) => route.abort());
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  if (scroll) await page.evaluate((y) => window.scrollTo(0, y), scroll);
  const picture = await page.screenshot({ type, ...(type === 'jpeg' ? { quality: 82 } : {}) });
  await context.close();
  return picture;
}

function rewritten(...options) {
  const file = path.join(folder, `page-${fs.readdirSync(folder).length}.html`);
  execFileSync(clearprint, ['rewrite', sample, '-o', file, '--inline-fonts', ...options]);
  return pathToFileURL(file).href;
}

const printed = (page, ...options) => execFileSync(clearprint, ['preview', sample, '--page', String(page), '--dpi', '100', ...options], { maxBuffer: 1 << 27 });
const source = (png) => `data:image/png;base64,${png.toString('base64')}`;

// A board with pictures on it, each with a line below.
async function board(name, width, height, cells, columns) {
  const html = `<!DOCTYPE html><meta charset="utf-8"><style>
    body { margin: 0; padding: 28px; background: #dfe3e8; font: 600 22px "Golos Text", "PT Sans", "DejaVu Sans", sans-serif; color: #1b2530; }
    main { display: grid; grid-template-columns: ${columns}; gap: 28px; align-items: start; }
    figure { margin: 0; } img { display: block; width: 100%; height: auto; box-shadow: 0 3px 14px #0005; }
    figcaption { margin-top: 10px; text-align: center; }
  </style><main>${cells.map(([png, caption]) => `<figure><img src="${source(png)}"><figcaption>${caption}</figcaption></figure>`).join('')}</main>`;
  const file = path.join(folder, `${name}.html`);
  fs.writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  await page.screenshot({ path: path.join(out, `${name}.jpg`), type: 'jpeg', quality: 80, fullPage: true });
  await context.close();
  console.log(`${path.join(out, name)}.jpg: ${Math.round(fs.statSync(path.join(out, `${name}.jpg`)).size / 1024)} KB`);
}

await board('clearprint', 1500, 500, [
  [await photograph(pathToFileURL(sample).href, { width: 1200, height: 1100 }), 'the page'],
  [await photograph(rewritten('--theme', 'white-on-black'), { width: 900, height: 825 }), 'clearprint rewrite'],
  [printed(1), 'clearprint pdf'],
], '1.542fr 1.542fr 1fr');

const themes = fs.readdirSync(path.join(root, 'themes/screen')).filter((f) => f.endsWith('.toml')).map((f) => f.slice(0, -5)).sort();
const looks = [];
for (const theme of themes) looks.push([await photograph(rewritten('--theme', theme, '--no-panel'), { width: 700, height: 620, scroll: 60 }), theme]);
await board('themes', 1500, 500, looks, '1fr 1fr 1fr 1fr 1fr');

const styles = ['standard', 'newspaper', 'rnib-clear', 'rnib-large', 'rnib-giant'];
await board('print-styles', 1500, 500, styles.map((style) => [printed(1, '--style', style), style]), '1fr 1fr 1fr 1fr 1fr');

// One edition file, four of its pages.
function pageOf(style, page) {
  const pdf = path.join(folder, `${style}.pdf`);
  if (!fs.existsSync(pdf)) execFileSync(clearprint, ['edition', path.join(root, 'samples/edition/edition.toml'), '--style', style, '--no-cache', '-q', '-o', pdf]);
  const name = path.join(folder, `${style}-${page}`);
  execFileSync('pdftoppm', ['-r', '72', '-f', String(page), '-l', String(page), '-singlefile', '-png', pdf, name]);
  return fs.readFileSync(`${name}.png`);
}
const pages = [['newspaper-a3', 1], ['newspaper-a3', 2], ['magazine', 1], ['rnib-large', 3]];
await board('edition', 1500, 500, pages.map(([style, page]) => [pageOf(style, page), `${style}, page ${page}`]), '1fr 1fr 1fr 1fr');

fs.rmSync(folder, { recursive: true });
await browser.close();
