// Holds pages to the standards.
//   node check.mjs [--allow-external] PAGE.html|URL ...
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, Tally } from './browser.mjs';
import { findings } from './standards.mjs';

const args = process.argv.slice(2);
const options = args.filter((a) => a.startsWith('--'));
const pages = args.filter((a) => !a.startsWith('--'));
const unknown = options.find((o) => o !== '--allow-external');
if (unknown || !pages.length) {
  console.error(unknown ? `unknown option ${unknown}` : 'usage: node check.mjs [--allow-external] PAGE.html|URL ...');
  process.exit(2);
}
const browser = await launch();
const tally = new Tally();
for (const page of pages) {
  const url = /^https?:/.test(page) ? page : pathToFileURL(path.resolve(page)).href;
  try {
    const found = await findings(browser, url, { allowExternal: options.length > 0 });
    tally.check(page, !found.length, () => found.map((f) => `\n     ${f.rule}: ${f.detail}`).join(''));
  } catch (e) {
    tally.fail(page, e.message.split('\n')[0]);
  }
}
await browser.close();
process.exit(tally.finish('pages held to the standards'));
