// The page at `/`, as a visitor meets it: held to the standards in both languages, with the keyboard alone, on a narrow
// window, in forced colours, and without JavaScript.
//   node home.mjs CLEARPRINT
import { launch, Tally } from './browser.mjs';
import { scriptless, serve } from './service.mjs';
import { findings } from './standards.mjs';

const [clearprint] = process.argv.slice(2);
if (!clearprint) { console.error('usage: node home.mjs CLEARPRINT'); process.exit(2); }
const tally = new Tally();

const service = await serve(clearprint);
const { origin } = service;
const browser = await launch();
const languages = { ru: 'ru-RU', en: 'en-GB' };
try {
  for (const lang of Object.keys(languages)) {
    const found = await findings(browser, `${origin}/?lang=${lang}`, { allowExternal: true });
    tally.check(`${lang}: clean by our own checker`, found.length === 0, () => found.map((f) => `${f.rule}: ${f.detail}`).join('\n  '));
  }

  for (const [lang, locale] of Object.entries(languages)) {
    const { context, page, refused } = await scriptless(browser, { locale, viewport: { width: 320, height: 640 }, forcedColors: 'active' });
    await page.goto(origin);
    tally.check(`${locale}: the page speaks the browser's language`, await page.getAttribute('html', 'lang') === lang);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    tally.check(`${locale}: nothing sticks out at 320 px`, await wide() <= 320, await wide());

    // With Tab alone: every control is reached, in the order of the page, and shows that it has the focus.
    const controls = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
      const radios = new Set();
      return all.filter((e) => e.getClientRects().length && !e.disabled && e.type !== 'hidden')
        .filter((e) => e.type !== 'radio' || (!radios.has(e.name) && radios.add(e.name))).length;
    });
    const reached = new Set();
    let faint = '';
    for (let i = 0; i < controls + 5; i += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const e = document.activeElement;
        const s = getComputedStyle(e);
        const n = [...document.querySelectorAll('*')].indexOf(e);
        return { n, body: e === document.body, name: `${e.localName} ${e.name ?? ''} ${e.textContent.slice(0, 30)}`, ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 };
      });
      if (at.body) continue;
      reached.add(at.n);
      if (!at.ring) faint = at.name;
    }
    tally.check(`${locale}: Tab reaches every control`, reached.size >= controls, `${reached.size} of ${controls}`);
    tally.check(`${locale}: each shows the focus in forced colours`, faint === '', faint);

    // Paste an article, and send the form with Enter on its button.
    const sentence = lang === 'ru' ? 'Совет округа утвердил бюджет на следующий год и расходы на ремонт дорог. ' : 'The council agreed the budget for next year and what it will spend on roads. ';
    await page.locator('textarea').first().fill(`<title>T</title><h1>Мост</h1>${`<p>${sentence.repeat(5)}</p>`.repeat(4)}`);
    await page.locator('form:has(textarea) [type=submit], form:has(textarea) button').first().focus();
    await Promise.all([page.waitForLoadState('load'), page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
    await page.waitForLoadState('load');
    const shown = await page.content();
    tally.check(`${locale}: a pasted article is shown on screen and on paper`, /<iframe/.test(shown) && /<img[^>]+data:image\/png|<img[^>]+src=/.test(shown), shown.slice(0, 600));
    tally.check(`${locale}: the answer fits 320 px too`, await wide() <= 320, await wide());
    tally.check(`${locale}: the policy stops nothing of ours`, refused.length === 0, refused.join('\n'));
    await context.close();
  }
} catch (error) {
  tally.fail('the page', error.stack);
} finally {
  await browser.close();
  service.end();
}
process.exit(tally.finish('start page'));
