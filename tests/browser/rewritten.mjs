// Rewrites the samples in every theme, page and article, with the panel open to judgement, and holds each to the standards.
//   node rewritten.mjs CLEARPRINT
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, root, Tally } from './browser.mjs';
import { findings } from './standards.mjs';

const [clearprint] = process.argv.slice(2);
if (!clearprint) { console.error('usage: node rewritten.mjs CLEARPRINT'); process.exit(2); }

const samples = ['parom', 'znamya', 'obyavlenie', 'longread', 'moderncms', 'parish', 'glavnaya'];
const articles = samples.filter((s) => s !== 'glavnaya');
const themes = fs.readdirSync(path.join(root, 'themes/screen')).filter((f) => f.endsWith('.toml')).map((f) => f.slice(0, -5)).sort();

// What every sample must lose, whatever its manner of carrying it, and a sentence it must keep.
const gone = [/<script(?![^>]*(data-clearprint|ld\+json))/i, /<iframe/i, /counter\.example/, /ads\.example/, /banner\.example/, /\bon(click|load|change)=/i, /<form(?![^>]*data-clearprint-panel)[^>]*(comment|vote|newsletter)/i];
const goneText = {
  parom: ['Поделиться:', 'Рассказать ВКонтакте', 'файлы cookie', 'Дрова берёзовые', 'Теплодом', 'в нашем телеграм-канале', 'Дождались!', 'Нравится 213'],
  znamya: ['Оставить комментарий', 'Код с картинки', 'Пластиковые окна', 'Займы до зарплаты', 'Top100', 'Рейтинг@Mail.ru', 'Голосовать'],
  obyavlenie: ['Была ли полезна'],
  longread: ['ВКонтакте', 'disqus'],
  moderncms: ['214 partners', 'Advertisement', 'Share on Chirper', 'Copy link', 'The Friday Fell', 'You have read 2 of 5', 'Ten boots', 'MrsBeck'],
  parish: ['Click to share', 'Leave a Reply', 'Post Comment', 'The clock was always slow'],
  glavnaya: ['Теплодом', 'Пользовались ли вы паромом'],
};
const kept = {
  parom: 'А я по нему в тумане слышу, далеко ли берег',
  znamya: 'Мы пробовали порвать. Не вышло.',
  obyavlenie: 'предварительный указатель объезда за 500',
  longread: 'The Patient Ice',
  moderncms: 'not quite together, to play',
  parish: 'Dad put this here.',
  glavnaya: 'Библиотека на Садовой открылась после ремонта',
};

const jobs = [
  ...samples.flatMap((sample) => themes.map((theme) => [sample, '--theme', theme])),
  ...articles.map((sample) => [sample, '--mode', 'article', '--theme', 'white-on-black']),
  ...samples.map((sample) => [sample, '--size', '400', '--line-height', '2.5', '--letter-spacing', '0.12', '--word-spacing', '0.16', '--images', 'hide', '--theme', 'yellow-on-black']),
  ...samples.map((sample) => [sample, '--colors', '#ffd700,#101030,#ffffff', '--font', 'serif', '--no-panel']),
];

const browser = await launch();
const tally = new Tally();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clearprint-rewritten-'));
fs.symlinkSync(path.join(root, 'samples/img'), path.join(folder, 'img'));
tally.check('there are themes', themes.length >= 8, `only ${themes.length}`);

for (const [sample, ...options] of jobs) {
  const what = `${sample} ${options.join(' ')}`;
  const run = spawnSync(clearprint, ['rewrite', path.join(root, 'samples', `${sample}.html`), ...options], { maxBuffer: 1 << 26, timeout: 60000 });
  if (!tally.check(`rewritten: ${what}`, run.status === 0, () => `exit ${run.status}: ${run.stderr}`)) continue;
  const html = run.stdout.toString('utf8');
  const text = html.replace(/<(style|script)\b.*?<\/\1>/gs, '').replace(/<[^>]+>/g, '').replace(/(&nbsp;|\s)+/g, ' ');
  const left = [...gone.filter((r) => r.test(html)), ...goneText[sample].filter((t) => text.includes(t))];
  tally.check(`cleaned: ${what}`, !left.length, () => `still there: ${left.join(' ')}`);
  tally.check(`whole: ${what}`, text.includes(kept[sample]), () => `without «${kept[sample]}»`);
  const file = path.join(folder, 'page.html');
  fs.writeFileSync(file, html);
  try {
    const found = await findings(browser, pathToFileURL(file).href);
    tally.check(what, !found.length, () => found.map((f) => `\n     ${f.rule}: ${f.detail}`).join(''));
  } catch (e) {
    tally.fail(what, e.message.split('\n')[0]);
  }
}
fs.rmSync(folder, { recursive: true });
await browser.close();
process.exit(tally.finish(`samples in ${themes.length} themes`));
