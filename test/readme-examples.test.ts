import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'test', 'generated-examples');

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The TypeScript examples of a page, in order. */
function examplesOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
}

/** A page is files: there is nothing to import. Its README shows how to build it. */
const withoutExample = ['dashboard'];

describe('the examples in the READMEs of the packages', () => {
  for (const name of readdirSync(join(root, 'packages'))) {
    const readme = join(root, 'packages', name, 'README.md');

    it(`${name} has ${withoutExample.includes(name) ? 'a README' : 'one'}`, () => {
      expect(existsSync(readme)).toBe(true);
      if (withoutExample.includes(name)) return;
      expect(examplesOf(readFileSync(readme, 'utf8')).length).toBeGreaterThan(0);
    });

    if (!existsSync(readme)) continue;
    for (const [i, example] of examplesOf(readFileSync(readme, 'utf8')).entries()) {
      it(`${name}: example ${i + 1} runs`, async () => {
        const file = join(folder, `${name}-${i + 1}.ts`);
        writeFileSync(file, example);
        await import(/* @vite-ignore */ file);
      });
    }
  }
});
