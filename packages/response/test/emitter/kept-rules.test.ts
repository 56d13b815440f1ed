import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeptRulesFile, type Rule } from '../../src/index.ts';
import { scratch } from '../scratch.ts';

describe('createKeptRulesFile', () => {
  it.each([
    '',
    '{',
    '{}',
    '{"version":2,"rules":[]}',
    '{"version":1,"rules":[{"rule":{},"untilMs":1}]}',
    '{"version":1,"rules":[{"untilMs":"1"}]}',
    '{"version":1,"rules":[{"rule":{"match":{"source":"192.0.2.1/32"},"action":{"kind":"drop"}},"untilMs":1,"sinceMs":"0"}]}',
  ])('does not go on with a file that it cannot read: %s', (text) => {
    const path = join(scratch(), 'state.json');
    writeFileSync(path, text);
    expect(() => createKeptRulesFile(path).read()).toThrow('cannot be read');
  });

  it('reads what was written last', () => {
    const path = join(scratch(), 'state.json');
    const rule: Rule = { match: { source: '192.0.2.1/32' }, action: { kind: 'drop' } };
    createKeptRulesFile(path).write([]);
    createKeptRulesFile(path).write([{ rule, untilMs: 5 }]);
    expect(createKeptRulesFile(path).read()).toEqual([{ rule, untilMs: 5 }]);
    createKeptRulesFile(path).write([{ rule, untilMs: 5, sinceMs: 1, renewedMs: 2 }]);
    expect(createKeptRulesFile(path).read()).toEqual([{ rule, untilMs: 5, sinceMs: 1, renewedMs: 2 }]);
  });

  it('begins with nothing', () => {
    expect(createKeptRulesFile(join(scratch(), 'state.json')).read()).toEqual([]);
  });
});
