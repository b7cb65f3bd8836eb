// The whole way of a reader through a site's large-type version, without JavaScript: arrive, choose, follow links, share,
// print, and come back tomorrow.
//   node reader.mjs CLEARPRINT
import http from 'node:http';
import { launch, Tally } from './browser.mjs';
import { scriptless, serve } from './service.mjs';

const [clearprint] = process.argv.slice(2);
if (!clearprint) { console.error('usage: node reader.mjs CLEARPRINT'); process.exit(2); }
const tally = new Tally();

// A small site: four pages that lead on, one of them in an old charset, one that has moved.
const text = 'Совет депутатов утвердил бюджет округа на следующий год и расходы на ремонт дорог и школ, сообщили в администрации. '.repeat(4);
const chapter = (n, next) => `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Глава ${n}</title>
<style>p { color: #999; font-size: 10px }</style></head><body><script>document.title = 'run'</script>
<h1>Глава ${n}</h1><p>${text}</p><p><a id="next" href="${next}">Дальше</a></p><p>${text}</p></body></html>`;
const pages = { '/1': chapter(1, '/2?from=1#below'), '/2': chapter(2, 'moved'), '/3': chapter(3, '/4'), '/4': chapter(4, '/').replace('</h1>', '</h1><form action="/search"><label>Поиск <input name="q"></label><button>Найти</button></form>') };
const site = http.createServer((request, response) => {
  const path = new URL(request.url, 'http://x').pathname;
  if (path === '/moved') response.writeHead(301, { Location: '/3' }).end();
  else if (pages[path]) response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(pages[path]);
  else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>404</h1>');
});
const listening = (server) => new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(server.address().port)); });
const upstream = `http://127.0.0.1:${await listening(site)}`;

const service = await serve(clearprint, '--upstream', upstream);
const { origin } = service;
const browser = await launch();
const options = { locale: 'ru-RU', viewport: { width: 900, height: 800 } };
const look = (page) => page.evaluate(() => ({
  heading: document.querySelector('h1').textContent.trim(),
  size: parseFloat(getComputedStyle(document.querySelector('main p')).fontSize),
  ground: getComputedStyle(document.body).backgroundColor,
  family: getComputedStyle(document.querySelector('main p')).fontFamily,
  sheet: document.styleSheets.length,
}));
const path = (page) => page.url().slice(origin.length);
const choose = async (page, name, value) => {
  const control = page.locator(`[data-clearprint-panel] input[name="${name}"][value="${value}"]`);
  await control.focus();
  await page.keyboard.press('Space');
  return control.isChecked();
};

try {
  // Arrive by the site's link, which carries no code.
  const { context: reader, page, refused } = await scriptless(browser, options);
  await page.goto(`${origin}/lv/1`);
  tally.check('a link without a code leads to the default look', path(page) === '/lv/~1.black-on-white/1', path(page));
  const before = await look(page);
  tally.check('the page comes with its sheet', before.sheet === 1 && before.heading === 'Глава 1', JSON.stringify(before));
  tally.check('nothing of the site runs', await page.title() === 'Глава 1', await page.title());

  // Choose with the keyboard, and send the form.
  const summary = page.locator('summary:has-text("Вид страницы")');
  await summary.focus();
  await page.keyboard.press('Enter');
  tally.check('the theme can be chosen', await choose(page, 'theme', 'white-on-black'));
  tally.check('the size can be chosen', await choose(page, 'size', '200'));
  await page.locator('[data-clearprint-panel] [type=submit]').first().focus();
  await Promise.all([page.waitForURL('**/lv/~1.white-on-black.size200/1#cp-panel'), page.keyboard.press('Enter')]);
  tally.check('the form leads back to the page, at the panel', path(page) === '/lv/~1.white-on-black.size200/1#cp-panel', path(page));
  const after = await look(page);
  tally.check('and the page looks as chosen', after.size > before.size * 1.5 && after.ground === 'rgb(0, 0, 0)', JSON.stringify(after));
  const cookie = (await reader.cookies(`${origin}/lv/`)).find((c) => c.name === 'clearprint');
  tally.check('the choice is remembered for below the prefix alone', cookie?.value === '~1.white-on-black.size200' && cookie.path === '/lv/', JSON.stringify(cookie));

  // Follow three links, one of them to a page that has moved.
  for (const [n, expected] of [[2, '/lv/~1.white-on-black.size200/2?from=1#below'], [3, '/lv/~1.white-on-black.size200/3'], [4, '/lv/~1.white-on-black.size200/4']]) {
    await Promise.all([page.waitForURL(`**${expected.replace('?', '\\?')}`), page.locator('main a:has-text("Дальше")').click()]);
    const now = await look(page);
    tally.check(`link to page ${n} stays in the version`, path(page) === expected && now.heading === `Глава ${n}` && now.size === after.size && now.ground === after.ground, `${path(page)} ${JSON.stringify(now)}`);
  }

  // Share the address with somebody who reads otherwise: they see it as it was sent, and keep their own choice.
  const shared = page.url();
  const { context: friend, page: other } = await scriptless(browser, options);
  await friend.addCookies([{ name: 'clearprint', value: '~1.sepia', domain: '127.0.0.1', path: '/lv/' }]);
  await other.goto(shared);
  tally.check('a shared address looks the same to another reader', JSON.stringify(await look(other)) === JSON.stringify(await look(page)));
  const kept = (await friend.cookies(`${origin}/lv/`)).find((c) => c.name === 'clearprint');
  tally.check('and changes nothing of what they chose', kept?.value === '~1.sepia', JSON.stringify(kept));
  await other.goto(`${origin}/lv/1`);
  tally.check('their own choice comes back', path(other) === '/lv/~1.sepia/1', path(other));

  // Print.
  const print = await page.locator('a[href^="/print/"]').first().getAttribute('href');
  tally.check('the page leads to its printed form', print === '/print/4', print);
  const pdf = await reader.request.get(`${origin}${print}`);
  tally.check('which is a PDF', pdf.status() === 200 && (await pdf.body()).subarray(0, 5).toString() === '%PDF-', pdf.status());
  const name = decodeURIComponent(pdf.headers()['content-disposition'] ?? '');
  tally.check('named after the article', name.includes('Глава-4.pdf'), name);

  // On a telephone, the text as large as it gets: the site's own search form does not push the page wide.
  const { context: pocket, page: small } = await scriptless(browser, { ...options, viewport: { width: 320, height: 640 } });
  for (const size of [200, 400]) {
    await small.goto(`${origin}/lv/~1.dark.size${size}/4`);
    const wide = await small.locator('html').evaluate((e) => e.scrollWidth);
    tally.check(`a page with a form fits 320 px at ${size} %`, wide <= 320 && await small.locator('.cp-form input').count() === 1, wide);
  }
  await pocket.close();

  // Something goes wrong: the page about it looks as chosen, and leads back.
  await page.goto(`${origin}/lv/~1.white-on-black.size200/nowhere`);
  const notice = await look(page);
  tally.check('a page about an error looks as chosen too', notice.ground === 'rgb(0, 0, 0)' && notice.size === after.size, JSON.stringify(notice));
  tally.check('and has a way to the original', await page.locator(`a[href="${upstream}/nowhere"]`).count() > 0);

  // Come back tomorrow: a new window of the same browser, the site's link again.
  const state = await reader.storageState();
  await reader.close();
  const { page: again } = await scriptless(browser, { ...options, storageState: state });
  await again.goto(`${origin}/lv/2`);
  tally.check('tomorrow the choice is still there', path(again) === '/lv/~1.white-on-black.size200/2' && (await look(again)).size === after.size, path(again));
  tally.check('the policy stops nothing of ours', refused.filter((m) => !m.includes('404')).length === 0, refused.join('\n'));
} catch (error) {
  tally.fail('the way', error.stack);
} finally {
  await browser.close();
  service.end();
  site.close();
}
process.exit(tally.finish('a reader\'s way'));
