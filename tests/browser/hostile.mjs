// Puts each payload into an article, has it rewritten, opens the result in Chromium, clicks and focuses what there is, and
// asks three things: did a script of the page run, was anything fetched from elsewhere, is the article still there.
//   node hostile.mjs COMMAND ...      (COMMAND reads a page on standard input and writes HTML to standard output)
// First the payloads are tried as they are: a payload that does nothing there tests nothing.
import { spawnSync } from 'node:child_process';
import { launch, Tally } from './browser.mjs';
import { payloads } from './payloads.mjs';

const command = process.argv.slice(2);
if (!command.length) { console.error('usage: node hostile.mjs COMMAND ...'); process.exit(2); }

const sentence = 'Жители посёлка посадили вдоль новой дороги сто двадцать лип и договорились поливать их по очереди.';
const home = 'https://news.example/a/1';
const pageWith = (payload) => `<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Липы</title></head><body>
<article><h1>Липы вдоль дороги</h1><p>${sentence} ${sentence}</p><div>${payload}</div><p>${sentence} Начало.</p><p>${sentence} ${sentence}</p></article></body></html>`;

const browser = await launch();

async function whatHappens(html) {
  const context = await browser.newContext();
  const happened = [];
  await context.exposeBinding('ranHere', (_, what) => { happened.push(`ran: ${what}`); });
  await context.addInitScript(() => { for (const f of ['alert', 'confirm', 'prompt']) window[f] = (x) => { window.ranHere(`${f}(${x})`); }; });
  context.on('dialog', (d) => { happened.push(`dialog ${d.message()}`); d.dismiss().catch(() => {}); });
  await context.route('**/*', (route) => {
    const to = route.request().url();
    const kind = route.request().resourceType();
    if (to === home) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    if (!['image', 'media', 'font'].includes(kind) && !to.startsWith('data:')) happened.push(`fetched: ${kind} ${to}`);
    return to.startsWith('data:') ? route.continue() : route.abort();
  });
  const page = await context.newPage();
  context.on('page', (other) => { if (other !== page) happened.push(`opened: ${other.url()}`); });
  let text = '';
  try {
    await page.goto(home, { waitUntil: 'load', timeout: 10000 });
    await page.waitForTimeout(60);
    text = await page.evaluate(() => document.body.textContent);
    await page.evaluate(() => {
      // What only waits for a reader is set off by us; ordinary links, and our own settings, lead away and are left alone.
      for (const e of document.querySelectorAll('body *')) {
        const address = e.getAttribute('href') ?? e.getAttribute('xlink:href');
        const harmless = address !== null && !e.hasAttribute('ping') && /^(https?:)?\/\//.test(address.trim());
        if (harmless || e.closest('[data-clearprint-panel]')) continue;
        e.focus?.();
        e.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
        e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
      }
    });
    await page.waitForTimeout(60);
  } catch (e) {
    // A page that navigates away under our hands is caught by what it asked for.
    if (!happened.length) happened.push(`page: ${e.message.split('\n')[0]}`);
  }
  await context.close();
  return { happened, text };
}

const tally = new Tally();
const dead = [];
for (const { name, html, needs } of payloads) {
  if (needs === 'asleep') continue;
  const { happened } = await whatHappens(pageWith(html));
  if (!happened.length) dead.push(name);
}
tally.check('every payload is live where nothing is rewritten', !dead.length, () => dead.join('; '));

for (const { name, html } of payloads) {
  const run = spawnSync(command[0], command.slice(1), { input: pageWith(html), maxBuffer: 1 << 26, timeout: 60000 });
  if (run.status !== 0) {
    tally.fail(name, `exit ${run.status ?? run.error?.message ?? run.signal}: ${String(run.stderr).slice(0, 200)}`);
    continue;
  }
  const { happened, text } = await whatHappens(run.stdout.toString('utf8'));
  // A payload may swallow what follows it, as it does in any browser, but not what stands before it.
  tally.check(name, !happened.length && text.includes(sentence), () => happened[0] ?? 'the article is lost');
}
await browser.close();
process.exit(tally.finish('hostile pages'));
