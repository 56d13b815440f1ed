import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVirtualClock } from '@flowpact/ipfix';
import { expect, it } from 'vitest';
import { createDeadLetters } from '../../../src/output/send/dead-letters.ts';
import { temporaryFolder } from '../../cli/workspace.ts';

const folder = temporaryFolder();

it('keeps rejected entries with their reasons up to a bound, and tells once of what is beyond', async () => {
  const path = join(folder, 'a', 'dead-letters.ndjson');
  const remarks: string[] = [];
  const deadLetters = createDeadLetters(
    { path, maxBytes: 120 },
    { clock: createVirtualClock(Date.UTC(2026, 0, 1)), onRemark: (text) => remarks.push(text) },
  );
  await deadLetters.add([{ entry: 'a', reason: 'no such field' }]);
  for (let i = 0; i < 2; i++) await deadLetters.add([{ entry: 'x'.repeat(100), reason: 'large' }]);
  expect(readFileSync(path, 'utf8')).toBe(
    '{"time":"2026-01-01T00:00:00.000Z","reason":"no such field","entry":"a"}\n',
  );
  expect(remarks).toEqual([`cannot keep rejected entries in ${path}: it has 73 octets already`]);
});
