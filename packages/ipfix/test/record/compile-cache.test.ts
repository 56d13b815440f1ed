import { describe, expect, it } from 'vitest';
import type { Template } from '../../src/index.ts';
import { createCompileCache, fieldLayout } from '../../src/record/compile-cache.ts';

const template = (length: number): Template => ({
  kind: 'data',
  version: 10,
  id: 256,
  observationDomainId: 0,
  fields: [{ pen: 0, id: 82, length, element: undefined }],
  derivedFields: [],
  scopeFieldCount: 0,
  minRecordLength: length,
  fixedLength: true,
});

describe('createCompileCache', () => {
  it('forgets the oldest of more than 1,024 layouts, and remembers that a reader is not interested', () => {
    const compiled: number[] = [];
    const cache = createCompileCache((asked) => {
      compiled.push(asked.minRecordLength);
      return undefined;
    }, fieldLayout);
    for (let length = 1; length <= 1025; length++) cache.compile(template(length));
    expect(compiled.length).toBe(1025);
    cache.compile(template(1025));
    cache.compile(template(2));
    expect(compiled.length).toBe(1025);
    cache.compile(template(1));
    expect(compiled.at(-1)).toBe(1);
  });
});
