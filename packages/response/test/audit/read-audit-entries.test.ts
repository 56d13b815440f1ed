import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-entry.ts';
import { readAuditEntries } from '../../src/audit/read-audit-entries.ts';
import { verifyAuditLog } from '../../src/audit/verify-audit-log.ts';
import { scratch } from '../scratch.ts';
import { openLog, refusal, writeLog } from './audit-example.ts';

describe('readAuditEntries', () => {
  it('reads all of a log back from its end, in pages of any size over files of any size', async () => {
    const directory = scratch();
    await (await writeLog(directory, 30, 1_500)).close();
    expect(readdirSync(directory).length).toBeGreaterThan(3);
    const all: AuditEntry[] = [];
    await verifyAuditLog(directory, { onEntry: (entry) => all.push(entry) });
    for (const limit of [1, 7, 1000]) {
      const read: AuditEntry[] = [];
      let page = await readAuditEntries(directory, { limit });
      while (page.length > 0) {
        expect(page.length).toBeLessThanOrEqual(limit);
        read.push(...page);
        page = await readAuditEntries(directory, { limit, before: read.at(-1)!.number });
      }
      expect(read).toEqual(all.toReversed());
    }
    expect(await readAuditEntries(directory, { limit: 5, before: 1 })).toEqual([]);
    expect(await readAuditEntries(join(directory, 'missing'), { limit: 5 })).toEqual([]);
  });

  it('reads what is written meanwhile, but for what has no end yet', async () => {
    const directory = scratch();
    const log = await openLog(directory);
    await log.append('anna', [refusal('one')]).written;
    appendFileSync(join(directory, 'audit-000001.ndjson'), '{"number":3,"atMs"');
    const entries = await readAuditEntries(directory, { limit: 5 });
    expect(entries.map(({ number, kind }) => [number, kind])).toEqual([
      [2, 'refused'],
      [1, 'checkpoint'],
    ]);
    await log.close();
  });

  it('refuses an entry that was changed, with its place', async () => {
    const directory = scratch();
    await (await writeLog(directory, 5)).close();
    const path = join(directory, 'audit-000001.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('reason 1 ', 'reason 9 '));
    expect(await readAuditEntries(directory, { limit: 3 })).toHaveLength(3);
    await expect(readAuditEntries(directory, { limit: 4 })).rejects.toMatchObject({
      code: 'RESPONSE_LOG_FAILED',
      message: expect.stringContaining(`${path}:3 does not read (changed)`),
    });
  });
});
