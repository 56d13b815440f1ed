import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** Modules that a file loads before it does anything. */
function loadedBy(file: string): string[] {
  const imports = /^(?:import|export)\s(?!type\b)(?:[^'";]*?\bfrom\s*)?'([^']+)'/gm;
  return [...readFileSync(file, 'utf8').matchAll(imports)].map(([, name]) =>
    name.startsWith('.') ? resolve(dirname(file), name) : name,
  );
}

it('starts without loading what the command will not need', () => {
  const seen = new Set([resolve(import.meta.dirname, '../../src/cli/program.ts')]);
  for (const each of seen) {
    if (each.startsWith('/')) for (const loaded of loadedBy(each)) seen.add(loaded);
  }
  const packages = [...seen].filter((name) => !name.startsWith('/') && !name.startsWith('node:'));
  expect(packages).toEqual(['commander']);
  // Commands do their work in run-*.ts, which they load when they are called.
  expect([...seen].filter((name) => /\/run-[a-z]+\.ts$/.test(name))).toEqual([]);
});
