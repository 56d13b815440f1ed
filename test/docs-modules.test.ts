import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compileModuleText, evidenceLimit, securityEventMapping } from 'flowpact';
import { describe, expect, it } from 'vitest';

const docs = resolve(import.meta.dirname, '../docs');

/** For pages that show a statement without the schema it reads. */
const schema = `@Name('Schema') @Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
create map schema IPFIX(ipfix.flowEndMilliseconds long, ipfix.sourceIPv4Address string, ipfix.destinationIPv4Address string,
  ipfix.destinationTransportPort int, ipfix.HTTPRequestURL string);`;

/** The statements of a page make one module. `reference/epl.md` has examples of another kind, and a test of its own. */
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((page) => page.endsWith('.md') && !page.endsWith('epl.md'))
  .map((page) => {
    const text = readFileSync(join(docs, page), 'utf8');
    const statements = [...text.matchAll(/^ *```sql\n([\s\S]*?)^ *```$/gm)]
      .map((match) => match[1])
      .join('\n');
    return { page, statements };
  })
  .filter(({ statements }) => statements !== '');

describe('the statements in the documentation', () => {
  it('are found', () => expect(pages.length).toBeGreaterThanOrEqual(3));

  it.each(pages)('$page', ({ page, statements }) => {
    const text = statements.includes('create map schema') ? statements : schema + statements;
    const module = compileModuleText(text, { file: page, evidence: evidenceLimit });
    for (const statement of module.statements) securityEventMapping(statement);
    expect(module.statements.length).toBeGreaterThan(1);
  });
});
