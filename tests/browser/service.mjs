// A service of the program under test, and windows as the tests open them.
import { spawn } from 'node:child_process';

// Starts `clearprint serve` on a port of its own; gives its origin, and how to end it.
export async function serve(clearprint, ...args) {
  const service = spawn(clearprint, ['serve', '--listen', '127.0.0.1:0', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const origin = await new Promise((resolve, reject) => {
    let said = '';
    service.stderr.on('data', (bytes) => {
      said += bytes;
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) resolve(address[0]);
    });
    service.on('exit', () => reject(new Error(`clearprint ended: ${said}`)));
  });
  const end = () => {
    service.removeAllListeners('exit');
    service.kill();
  };
  return { origin, end };
}

// A window without JavaScript, and what its console complains of.
export async function scriptless(browser, options) {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  const page = await context.newPage();
  const refused = [];
  page.on('console', (message) => { if (message.type() === 'error') refused.push(message.text()); });
  return { context, page, refused };
}
