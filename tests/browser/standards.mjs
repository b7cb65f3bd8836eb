// Holds one page, opened in Chromium, to the numbers Clearprint promises: WCAG 2.2 at AAA where a rewriter can reach it,
// and 7:1 for text of every size. `findings(browser, url)` answers with a list of { rule, detail }; an empty list is a clean page.
//
// The rules are grouped as a person would look: what the document says of itself, how it looks, what the keyboard
// reaches, how it bears small windows, wide spacing and paper.
import { axeSource } from './browser.mjs';

const TEXT_CONTRAST = 7;
const LINE_HEIGHT = 1.49; // 1.5, less what Chromium rounds away
const MEASURE = 84; // 80 characters, less the roughness of an average character's width
const TARGET = 24;
const OUR_TARGET = 44; // our own controls, WCAG 2.5.5
const CONTROLS_TRIED = 60;

export async function findings(browser, url, { allowExternal = false } = {}) {
  const found = [];
  const report = (rule, detail) => found.push({ rule, detail: String(detail).slice(0, 300) });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const external = await watchRequests(context, page, url);
    let dialogs = 0;
    page.on('dialog', (d) => { dialogs += 1; d.dismiss().catch(() => {}); });
    await page.goto(url, { waitUntil: 'load', timeout: 30000 });
    // A page is judged with everything that can be unfolded unfolded.
    await page.evaluate(() => { for (const e of document.querySelectorAll('details:not([open])')) { e.open = true; e.dataset.unfolded = ''; } });

    await document_(page, report);
    await looks(page, report);
    await axe(page, report);
    await keyboard(page, report);
    await windows(page, report);
    await spacing(page, report);
    await paper(page, report);

    if (!allowExternal && external.length) report('external', `${external.length} requests: ${external.slice(0, 3).join(' | ')}`);
    if (dialogs) report('script', `${dialogs} dialogs opened`);
  } finally {
    await context.close();
  }
  return found;
}

// Everything but the page itself and its pictures is a request the reader did not ask for.
async function watchRequests(context, page, url) {
  const external = [];
  const home = new URL(url);
  await context.route('**/*', (route) => {
    const to = route.request().url();
    if (to.startsWith('data:') || to.startsWith('file:') || new URL(to).origin === home.origin) return route.continue();
    const kind = route.request().resourceType();
    if (kind !== 'image' && kind !== 'media') external.push(`${kind} ${to}`);
    return route.abort();
  });
  return external;
}

async function document_(page, report) {
  const d = await page.evaluate(() => {
    const count = (s) => document.querySelectorAll(s).length;
    const main = document.querySelector('main,[role=main]');
    const first = document.querySelector('a[href]');
    const inPage = first?.hash && first.href.split('#')[0] === location.href.split('#')[0];
    const goal = inPage && document.getElementById(decodeURIComponent(first.hash.slice(1)));
    const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => +h.localName[1]);
    const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
    return {
      lang: document.documentElement.lang,
      title: document.title.trim(),
      charset: document.characterSet,
      h1: count('h1'),
      main: count('main,[role=main]'),
      skip: Boolean(goal && main && (main.contains(goal) || goal.contains(main))),
      gap: levels.findIndex((l, i) => l > (i ? levels[i - 1] : 0) + 1),
      twice: ids.find((id, i) => ids.indexOf(id) !== i),
      viewport: document.querySelector('meta[name=viewport]')?.content ?? '',
      scripts: count('script:not([type="application/ld+json"]):not([data-clearprint])'),
      frames: count('iframe,frame,object,embed,portal'),
      handlers: [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on') || /^[\s\0]*(javascript|vbscript):/i.test(a.value))).length,
      colours: count('[style*="color"],[style*="background"],[bgcolor],[text],font[color]'),
    };
  });
  if (!d.lang) report('3.1.1 language', 'html has no lang');
  if (!d.title) report('2.4.2 title', 'no title');
  if (d.charset !== 'UTF-8') report('charset', `read as ${d.charset}`);
  if (d.h1 !== 1) report('1.3.1 headings', `${d.h1} h1`);
  if (d.gap >= 0) report('1.3.1 headings', `heading ${d.gap + 1} skips a level`);
  if (d.main !== 1) report('1.3.1 landmarks', `${d.main} main`);
  if (!d.skip) report('2.4.1 skip link', 'the first link does not lead into main');
  if (d.twice !== undefined) report('4.1.1 ids', `id ${d.twice} stands twice`);
  if (!d.viewport || /user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*1(\D|$)/.test(d.viewport)) report('1.4.4 zoom', `viewport: ${d.viewport || 'none'}`);
  if (d.scripts) report('script', `${d.scripts} scripts that are not ours`);
  if (d.frames) report('embed', `${d.frames} frames, objects or embeds`);
  if (d.handlers) report('script', `${d.handlers} elements with on… attributes or javascript: addresses`);
  if (d.colours) report('colours', `${d.colours} elements keep the origin's colours`);
}

async function looks(page, report) {
  const d = await page.evaluate(({ lineHeight, measure, target, ourTarget }) => {
    const style = (e) => getComputedStyle(e);
    const isBlock = (e) => !/^(inline|none|contents|ruby)/.test(style(e).display);
    const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === 3 || (n.nodeType === 1 && !isBlock(n))).map((n) => n.textContent).join('').replace(/\s+/g, ' ').trim();
    // A block of text is an element with more than a line of its own text, whatever it is called.
    const blocks = [...document.querySelectorAll('body *')].filter((e) => isBlock(e) && e.getClientRects().length && !e.closest('pre,svg,math,select,button,label,summary,h1,h2,h3,h4,h5,h6') && ownText(e).length > 80);
    const body = blocks.filter((e) => e.closest('main,article,[role=main]'));
    const ratio = (s) => (s.lineHeight === 'normal' ? 1.2 : parseFloat(s.lineHeight) / parseFloat(s.fontSize));
    const pen = document.createElement('canvas').getContext('2d');
    const characters = (e) => {
      const s = style(e);
      const text = e.innerText.replace(/\s+/g, ' ');
      if (text.length < 200) return 0;
      pen.font = s.font;
      const wide = (e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight)) / (parseInt(s.columnCount, 10) || 1);
      return wide / (pen.measureText(text).width / text.length + (parseFloat(s.letterSpacing) || 0));
    };
    const controls = [...document.querySelectorAll('button,select,textarea,input:not([type=hidden]),summary,[role=button]')];
    const small = (e, least) => {
      const boxes = [e, ...(e.labels ?? [])].map((x) => x.getBoundingClientRect()).filter((r) => r.width);
      return boxes.length > 0 && (Math.max(...boxes.map((r) => r.width)) < least || Math.max(...boxes.map((r) => r.height)) < least - 0.5);
    };
    const name = (e) => e.outerHTML.slice(0, 90);
    const overlapping = body.filter((e) => ratio(style(e)) < 1);
    return {
      justified: [...new Set([...document.querySelectorAll('p,li'), ...blocks])].filter((e) => style(e).textAlign === 'justify').length,
      tight: body.filter((e) => ratio(style(e)) < lineHeight).map(name),
      overlapping: overlapping.map(name),
      wide: body.filter((e) => characters(e) > measure).map(name),
      small: controls.filter((e) => small(e, target)).map(name),
      ours: controls.filter((e) => e.closest('[data-clearprint-panel]') && small(e, ourTarget)).map(name),
      hidden: document.body.getClientRects().length === 0 || style(document.body).visibility !== 'visible' || style(document.body).opacity === '0',
    };
  }, { lineHeight: LINE_HEIGHT, measure: MEASURE, target: TARGET, ourTarget: OUR_TARGET });
  if (d.hidden) report('visible', 'the page is hidden until a script runs');
  if (d.justified) report('1.4.8 justified', `${d.justified} blocks`);
  if (d.tight.length) report('1.4.8 line height', `${d.tight.length} blocks under 1.5: ${d.tight[0]}`);
  if (d.overlapping.length) report('1.4.8 line height', `${d.overlapping.length} blocks whose lines overlap`);
  if (d.wide.length) report('1.4.8 measure', `${d.wide.length} blocks over 80 characters a line: ${d.wide[0]}`);
  if (d.small.length) report('2.5.8 target', `${d.small.length} controls under ${TARGET} px: ${d.small[0]}`);
  if (d.ours.length) report('2.5.5 target', `${d.ours.length} controls of the panel under ${OUR_TARGET} px: ${d.ours[0]}`);
}

async function axe(page, report) {
  await page.evaluate(axeSource);
  const { violations, unsure } = await page.evaluate(async (ratio) => {
    window.axe.configure({ checks: [{ id: 'color-contrast-enhanced', options: { contrastRatio: { normal: { expected: ratio }, large: { expected: ratio } } } }] });
    const r = await window.axe.run(document, { rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } });
    const overPicture = ['bgImage', 'bgGradient', 'imgNode'];
    return {
      violations: r.violations.map((v) => `${v.id}|${v.nodes.length} x ${v.nodes[0].html.slice(0, 140)} :: ${(v.nodes[0].failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 120)}`),
      unsure: r.incomplete.filter((v) => v.id === 'color-contrast-enhanced').flatMap((v) => v.nodes).filter((n) => n.any.some((c) => overPicture.includes(c.data?.messageKey))).map((n) => n.html.slice(0, 140)),
    };
  }, TEXT_CONTRAST);
  for (const v of violations) { const [id, detail] = v.split(/\|(.*)/s); report(`axe ${id}`, detail); }
  if (unsure.length) report('1.4.6 contrast', `${unsure.length} texts over a picture or gradient: ${unsure[0]}`);
}

// Tab reaches every control; what has the focus shows a line of 2 px and 3:1 (or a shadow) that it did not show before;
// in forced colours, where shadows are not drawn, a line.
async function keyboard(page, report) {
  const total = await page.evaluate((most) => {
    const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible';
    const controls = [...document.querySelectorAll('a[href],button,select,textarea,input:not([type=hidden]),summary,[role=button]')].filter((e) => shown(e) && !e.disabled && !e.closest('[inert]')).slice(0, most);
    const ink = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (c) => { ink.clearRect(0, 0, 1, 1); ink.fillStyle = c; ink.fillRect(0, 0, 1, 1); return [...ink.getImageData(0, 0, 1, 1).data]; };
    const luminance = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (e) => { for (let x = e; x; x = x.parentElement) { const c = rgba(getComputedStyle(x).backgroundColor); if (c[3] > 127) return c; } return [255, 255, 255, 255]; };
    const ratio = (a, b) => { const [hi, lo] = [luminance(a), luminance(b)].sort((m, n) => n - m); return (hi + 0.05) / (lo + 0.05); };
    const outlined = (e, forced) => {
      const s = getComputedStyle(e);
      if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) return false;
      const c = rgba(s.outlineColor);
      return forced || (c[3] > 127 && ratio(c, behind(e.parentElement)) >= 3);
    };
    const look = (e) => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow].join(); };
    const places = (e) => [e, e.labels?.[0]].filter(Boolean);
    const before = new Map(controls.flatMap(places).map((e) => [e, look(e)]));
    const reached = new Set();
    let dark = new Set();
    window.__focus = {
      rewind() { document.activeElement?.blur?.(); window.scrollTo(0, 0); dark = new Set(); },
      step(forced) {
        const e = document.activeElement;
        if (!e || e === document.body || e === document.documentElement) return;
        reached.add(e);
        const seen = places(e).some((x) => (outlined(x, forced) || (!forced && getComputedStyle(x).boxShadow !== 'none')) && (forced || look(x) !== before.get(x)));
        if (!seen) dark.add(e);
      },
      done: () => controls.every((e) => reached.has(e)),
      dark: () => [...dark].map((e) => e.outerHTML.slice(0, 90)),
      // One radio of a group stands for all: arrow keys lead to the others.
      missed: () => [
        ...controls.filter((e) => !reached.has(e) && !(e.type === 'radio' && [...reached].some((x) => x.type === 'radio' && x.name === e.name && x.form === e.form))),
        ...[...document.querySelectorAll('label')].filter((l) => shown(l) && l.control && !l.control.disabled && !shown(l.control)),
      ].map((e) => e.outerHTML.slice(0, 90)),
    };
    window.__focus.rewind();
    return controls.length;
  }, CONTROLS_TRIED);
  for (let i = 0; i < total + 10; i += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => { window.__focus.step(false); return window.__focus.done(); })) break;
  }
  const { dark, missed } = await page.evaluate(() => ({ dark: window.__focus.dark(), missed: window.__focus.missed() }));
  if (dark.length) report('2.4.7 focus', `${dark.length} controls do not show it: ${dark[0]}`);
  if (missed.length) report('2.1.1 keyboard', `Tab does not reach ${missed.length} controls: ${missed[0]}`);

  await page.emulateMedia({ forcedColors: 'active' });
  await page.evaluate(() => window.__focus.rewind());
  for (let i = 0; i <= Math.min(total, 16); i += 1) {
    await page.keyboard.press('Tab');
    await page.evaluate(() => window.__focus.step(true));
  }
  const forced = await page.evaluate(() => window.__focus.dark());
  if (forced.length) report('2.4.7 focus, forced colours', `${forced.length} controls show no outline: ${forced[0]}`);
  await page.emulateMedia({ forcedColors: 'none' });
}

async function windows(page, report) {
  for (const [width, height, what] of [[640, 400, '200 %'], [320, 640, '320 px'], [320, 256, '320 x 256 px']]) {
    await page.setViewportSize({ width, height });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 1) report('1.4.10 reflow', `${over} px too wide at ${what}`);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  const covered = await page.evaluate(() => {
    for (const e of document.querySelectorAll('details[data-unfolded]')) e.open = false;
    window.scrollTo(0, 600);
    const fixed = [...document.querySelectorAll('body *')].filter((e) => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.getClientRects().length);
    const most = Math.max(0, ...fixed.map((e) => e.getBoundingClientRect().height)) / window.innerHeight;
    for (const e of document.querySelectorAll('details[data-unfolded]')) e.open = true;
    return most;
  });
  if (covered > 0.25) report('2.4.11 covered', `a fixed part covers ${Math.round(covered * 100)} % of a small screen`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

// WCAG 1.4.12: nothing is cut when a reader spreads the text.
async function spacing(page, report) {
  const cut = await page.evaluate(() => {
    const sheet = new CSSStyleSheet(); // a style element would fall to the page's own content policy
    sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}');
    document.adoptedStyleSheets = [sheet];
    const cutting = [...document.querySelectorAll('main *,nav *,form *')].filter((e) => {
      const s = getComputedStyle(e);
      return /hidden|clip/.test(s.overflowX + s.overflowY) && e.clientHeight > 1 && (e.scrollHeight - e.clientHeight > 2 || e.scrollWidth - e.clientWidth > 2);
    }).map((e) => e.outerHTML.slice(0, 90));
    document.adoptedStyleSheets = [];
    return cutting;
  });
  if (cut.length) report('1.4.12 spacing', `${cut.length} elements cut their text: ${cut[0]}`);
}

async function paper(page, report) {
  await page.emulateMedia({ media: 'print' });
  const d = await page.evaluate(() => ({
    panel: [...document.querySelectorAll('[data-clearprint-panel]')].filter((e) => e.getClientRects().length).length,
    text: [...document.querySelectorAll('main p,[role=main] p')].some((e) => e.getClientRects().length),
  }));
  await page.emulateMedia({ media: 'screen' });
  if (d.panel) report('print', 'the settings panel is printed');
  if (!d.text) report('print', 'main prints no paragraph');
}
