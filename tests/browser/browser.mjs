// What every browser test shares: finding Chromium, starting it with nothing of its own on the network, and the tally.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

export const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launch() {
  const executablePath = places.find((p) => p && fs.existsSync(p));
  if (!executablePath) {
    console.error('no Chromium found: install Debian\'s package `chromium`, or name the program in $CHROMIUM');
    process.exit(1);
  }
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// Counts what passed and what failed, says each failure at once, and adds both numbers to the file that tests/run.sh sums up.
export class Tally {
  passed = 0;
  failed = 0;

  pass(what) {
    this.passed += 1;
    if (process.env.VERBOSE) console.log(`ok   ${what}`);
  }

  fail(what, why) {
    this.failed += 1;
    console.log(`FAIL ${what}: ${why}`);
  }

  check(what, holds, why = 'does not hold') {
    if (holds) this.pass(what);
    else this.fail(what, typeof why === 'function' ? why() : why);
    return holds;
  }

  finish(name) {
    console.log(`${name}: ${this.passed} passed, ${this.failed} failed`);
    if (process.env.TALLY) fs.appendFileSync(process.env.TALLY, `${this.passed} ${this.failed}\n`);
    return this.failed || !this.passed ? 1 : 0;
  }
}

export const here = path.dirname(new URL(import.meta.url).pathname);
export const root = path.resolve(here, '../..');
