import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Limit {
  readonly name: string;
  readonly text: string;
}

/** The numeric members of a configuration whose comment gives a default. */
function limitsOf(body: string): Limit[] {
  return [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*readonly (\w+)\??: number;/g)]
    .map(([, comment, name]) => ({
      name,
      text: comment
        .replace(/^\s*\* ?/gm, ' ')
        .replace(/\{@link ([^}]+)\}/g, '`$1`')
        .replace(/\s+/g, ' ')
        .trim(),
    }))
    .filter(({ text }) => /\bdefault\b/i.test(text));
}

function limitsPage(): string {
  const sections: string[] = [];
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const folder = join(root, 'packages', name, 'src');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) {
      for (const [, title, body] of readFileSync(file, 'utf8').matchAll(
        /^export interface (\w+(?:Limits|Config))\b[^{]*\{\n([\s\S]*?)^\}/gm,
      )) {
        const limits = limitsOf(body);
        if (limits.length === 0) continue;
        const link = relative(join(root, 'docs/reference'), file);
        const rows = limits.map((limit) => `| \`${limit.name}\` | ${limit.text.replaceAll('|', '\\|')} |`);
        sections.push(
          `## ${name}: [${title}](${link})\n\n| setting | meaning and default |\n|---|---|\n${rows.join('\n')}\n`,
        );
      }
    }
  }
  return `# Limits and other numbers that can be set\n\nEvery bound on memory, input and time, with its default, as the sources document them. Made from them by\n\`npx vitest run test/limits-page.test.ts -u\`; a test fails where this page and the sources differ.\n\n${sections.join('\n')}`;
}

describe('the page of limits', () => {
  it('says what the sources say', async () => {
    await expect(limitsPage()).toMatchFileSnapshot('../docs/reference/limits.md');
  });
});
