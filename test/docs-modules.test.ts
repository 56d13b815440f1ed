import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compileModuleText, evidenceLimit, securityEventMapping } from 'flowpact';
import { describe, expect, it } from 'vitest';

const docs = resolve(import.meta.dirname, '../docs');

/** For pages that show a statement without the schema it reads. */
const schema = `@Name('Schema') @Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
create map schema IPFIX(ipfix.flowEndMilliseconds long, ipfix.sourceIPv4Address string, ipfix.destinationIPv4Address string,
  ipfix.destinationTransportPort int, ipfix.HTTPRequestURL string);`;

/** What has examples of another kind: EPL's have a test of their own, the archive's are SQL for DuckDB. */
const otherPages = ['reference/epl.md', 'reference/archive.md'];

/** The statements of a page make one module. */
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((page) => page.endsWith('.md') && !otherPages.includes(page))
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
