import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCli } from './run-cli.ts';

const page = resolve(import.meta.dirname, '../../../dashboard/dist/index.html');
const isBuilt = existsSync(page);
const note = isBuilt ? '' : ' (skipped: npm run build -w packages/dashboard)';

describe('flowpact demo --watch', () => {
  it.skipIf(!isBuilt)(`serves the page until Ctrl-C, long after its story has been told${note}`, async () => {
    const demo = startCli('flowpact', ['demo', '--watch', '--speed', '400']);
    const sees = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((found, failed) => {
        let seen = '';
        demo.process.stdout.on('data', (chunk: Buffer) => {
          seen += chunk;
          const match = pattern.exec(seen);
          if (match !== null) found(match);
        });
        demo.process.on('close', () => failed(new Error(`ended without ${pattern}: ${seen}`)));
      });
    const [told, [, url]] = await Promise.all([
      sees(/every alert answered: accepted/),
      sees(/watch it on (http:\S+\/)\n/),
    ]);
    expect(told[0]).toBeDefined();
    expect(await (await fetch(url)).text()).toContain('<title>Flowpact</title>');
    const status = await (await fetch(`${url}api/status`)).json();
    expect(status).toMatchObject({ messagesSent: expect.any(Number), mayChange: true });
    expect((status as { events: number }).events).toBeGreaterThan(0);
    demo.process.kill('SIGINT');
    const { code, stdout } = await demo.result;
    expect(code, stdout).toBe(0);
    expect(stdout).not.toContain('FAILED');
    expect(stdout).not.toContain('trouble');
  });
});
