/**
 * Makes `elements.generated.ts` and `ipfixcol-names.generated.ts` beside this file from two CSV files with a
 * header line: `pen,id,name,dataType,semantics,units,status,scope` and `pen,id,name,dataType`.
 *
 *     npx tsc -b packages/ipfix && node packages/ipfix/dist/registry/generate-elements.js elements.csv ipfixcol1-names.csv
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { abstractDataTypes } from './abstract-data-type.ts';

const byLowerCase = new Map(abstractDataTypes.map((type) => [type.toLowerCase(), type]));
const [elementsCsv, namesCsv] = process.argv.slice(2);
if (elementsCsv === undefined || namesCsv === undefined) {
  console.error('usage: generate-elements.js ELEMENTS.csv IPFIXCOL-NAMES.csv');
  process.exit(2);
}

/** The sources write some types and semantics with other letter case or a leading blank. */
function readRows(path: string): string[][] {
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    const dataType = byLowerCase.get(cells[3].toLowerCase());
    if (dataType === undefined) throw new Error(`${path}: no abstract data type "${cells[3]}" in: ${line}`);
    cells[3] = dataType;
    return cells;
  });
}

function writeTable(file: string, name: string, rowType: string, rows: string[][], width: number): void {
  const quote = (cell: string) => `'${cell.replace(/['\\]/g, '\\$&')}'`;
  const lines = rows.map(([pen, id, ...rest]) => {
    const cells = [String(Number(pen)), String(Number(id)), ...rest.slice(0, width - 2).map(quote)];
    return `  [${cells.join(', ')}],`;
  });
  const source = [
    '// Made by generate-elements.ts. Do not edit.',
    `import type { ${rowType} } from './information-element.ts';`,
    '',
    `export const ${name}: readonly ${rowType}[] = [`,
    ...lines,
    '];',
    '',
  ];
  const folder = new URL('../../src/registry/', import.meta.url);
  writeFileSync(new URL(file, folder), source.join('\n'));
}

writeTable('elements.generated.ts', 'elementRows', 'ElementRow', readRows(elementsCsv), 7);
writeTable('ipfixcol-names.generated.ts', 'ipfixcolNameRows', 'IpfixcolNameRow', readRows(namesCsv), 4);
