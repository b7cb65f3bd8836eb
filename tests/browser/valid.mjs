// Every sample's article as HTML, held to the standard by html-validate: its rules of validity, accessibility and whole
// documents. A page with planted faults is tried first.
//   node valid.mjs CLEARPRINT
//   node valid.mjs CLEARPRINT FILE...   other pages
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { root, Tally } from './browser.mjs';

const [clearprint, ...files] = process.argv.slice(2);
if (!clearprint) { console.error('usage: node valid.mjs CLEARPRINT [FILE...]'); process.exit(2); }
const tally = new Tally();

const validator = new HtmlValidate(new StaticConfigLoader({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  // The case of the doctype is a matter of taste.
  rules: { 'doctype-style': 'off' },
}));
const faultsOf = async (html, name) => {
  const { results } = await validator.validateString(html, name);
  return results.flatMap((result) => result.messages).map((m) => `${m.ruleId}, line ${m.line}: ${m.message}`);
};

const page = (body) => `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>A page</title></head>\n<body><main><h1>A page</h1>${body}</main></body>\n</html>\n`;
const planted = {
  'heading-level': '<h3>Too deep</h3>',
  'element-permitted-content': '<p><a href="#x">One <a href="#y">in another</a></a></p>',
  'no-dup-id': '<p id="x">One</p><p id="x">Two</p>',
  'wcag/h37': '<p><img src="a.png"></p>',
  'close-order': '<p><em>Crossed</p></em>',
};
const clean = await faultsOf(page('<p>Text</p>'), 'clean');
tally.check('a clean page', clean.length === 0, () => clean.join('\n  '));
for (const [rule, body] of Object.entries(planted)) {
  const found = await faultsOf(page(body), rule);
  tally.check(`planted: ${rule}`, found.some((f) => f.startsWith(rule)), () => `found ${found.join('; ') || 'nothing'}`);
}

const htmlIn = (dir) => fs.readdirSync(path.join(root, dir)).filter((f) => f.endsWith('.html')).sort().map((f) => path.join(root, dir, f));
for (const file of files.length ? files : [...htmlIn('samples'), ...htmlIn('samples/edition/pages')]) {
  const name = path.relative(root, file);
  for (const options of [[], ['--typography']]) {
    const run = spawnSync(clearprint, ['article', file, '--format', 'html', ...options], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const title = [name, ...options].join(' ');
    // A front page has no article.
    if (run.status === 5 && (files.length || name === 'samples/glavnaya.html')) continue;
    if (!tally.check(`${title} is exported`, run.status === 0, () => `code ${run.status}: ${run.stderr}`)) continue;
    const found = await faultsOf(run.stdout, name);
    tally.check(`${title} is valid`, found.length === 0, () => found.join('\n  '));
  }
}
process.exit(tally.finish('valid exports'));
