import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditBody,
  createFileAuditLog,
  createMemoryEmitter,
  defaultRails,
  type Mitigator,
  type ResponseMode,
} from '@flowpact/response';
import { afterEach, describe, expect, it } from 'vitest';
import { createMitigatorSource } from '../../src/response/mitigator-source.ts';
import { createExampleMitigations, exampleMitigation } from '../http/api/example-mitigations.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const rule = { match: { source: '203.0.113.7/32' }, action: { kind: 'drop' } } as const;

function exampleSource(mode: ResponseMode = 'approve', fault?: 'fail' | 'hang') {
  const auditDirectory = mkdtempSync(join(tmpdir(), 'flowpact-source-'));
  folders.push(auditDirectory);
  const emitter = createMemoryEmitter({ name: 'edge', fault: () => fault });
  emitter.plant(rule, undefined);
  // What it is asked, it passes on: the example is as good as any.
  const mitigator = createExampleMitigations() as unknown as Mitigator;
  const source = createMitigatorSource(
    { rails: { ...defaultRails, mode, approvals: 2 }, auditDirectory, emitterTimeoutMs: 1 },
    { mitigator, emitters: [emitter] },
  );
  return { source, emitter, auditDirectory };
}

async function writeLog(directory: string, bodies: readonly AuditBody[]): Promise<void> {
  const log = createFileAuditLog({ directory }, { clock: { now: () => 0 } });
  await log.open(() => ({ kind: 'checkpoint', mode: 'approve', nextId: 1, mitigations: [] }));
  await log.append('anna', bodies).written;
  await log.close();
}

describe('the source over a mitigator', () => {
  it('says how it is set up, and never a mode above the configured one', () => {
    const { source } = exampleSource();
    expect(source).toMatchObject({ mode: 'approve', modes: ['off', 'dry-run', 'approve'], approvals: 2 });
    expect(exampleSource('auto').source.modes).toHaveLength(4);
    expect(exampleSource('off').source.modes).toEqual(['off']);
    expect(source.mitigations().map(({ id }) => id)).toEqual(['2', '1']);
  });

  it('asks every emitter what is in force, and waits for none', async () => {
    expect(await exampleSource().source.inForce()).toEqual([
      { emitter: 'edge', kind: 'webhook', rules: [{ rule }] },
    ]);
    const [failing] = await exampleSource('approve', 'fail').source.inForce();
    expect(failing).toMatchObject({ rules: [], failure: 'edge: inForce failed as it was told to' });
    const [hanging] = await exampleSource('approve', 'hang').source.inForce();
    expect(hanging.failure).toBe('no answer within 1 ms');
    const { source, emitter } = exampleSource('dry-run');
    expect((await source.inForce())[0].failure).toBe('not asked: the configured mode is dry-run');
    expect(emitter.calls).toEqual([]);
  });

  it('tells of changes those who listen', () => {
    const { source } = exampleSource();
    const heard: string[] = [];
    const stop = source.subscribe(({ id }) => heard.push(id));
    source.onChange(exampleMitigation('7', 'proposed'));
    stop();
    source.onChange(exampleMitigation('8', 'proposed'));
    expect(heard).toEqual(['7']);
  });

  it('says what entries of the audit log are about, in pages', async () => {
    const { source, auditDirectory } = exampleSource();
    const untilMs = Date.UTC(2026, 0, 1);
    await writeLog(auditDirectory, [
      { kind: 'proposed', mitigation: exampleMitigation('7', 'proposed') },
      { kind: 'approval', mitigation: '7', chosen: 1, why: 'seen it' },
      { kind: 'turn', mitigation: '7', state: 'applying' },
      { kind: 'extended', mitigation: '7', untilMs },
      { kind: 'told', mitigation: '7', state: 'applied' },
      { kind: 'mode', mode: 'off' },
      { kind: 'stray', emitter: 'edge', rule },
      { kind: 'refused', partner: 'isp-b.example', count: 3, why: 'foreign space' },
    ]);
    const { items, next } = await source.auditEntries({ limit: 6 });
    const rest = await source.auditEntries({ limit: 6, before: Number(next) });
    expect(rest.next).toBeUndefined();
    expect(
      [...items, ...rest.items].map(({ number, what, mitigation, why }) => [number, what, mitigation, why]),
    ).toEqual([
      [9, 'refused 3 of isp-b.example', undefined, 'foreign space'],
      [
        8,
        'takes back what no mitigation accounts for: drop from 203.0.113.7/32 at edge',
        undefined,
        undefined,
      ],
      [7, 'set the mode to off', undefined, undefined],
      [6, 'told the partner: applied', '7', undefined],
      [5, 'extended to 2026-01-01T00:00:00.000Z', '7', undefined],
      [4, 'applying', '7', undefined],
      [3, 'said yes to candidate 2', '7', 'seen it'],
      [2, 'proposed: drop from 203.0.113.7/32 at edge', '7', undefined],
      [1, 'began a file of the log, 0 open', undefined, undefined],
    ]);
  });

  it('verifies the audit log, and says where it breaks', async () => {
    const { source, auditDirectory } = exampleSource();
    expect(await source.verifyAudit()).toEqual({ holds: true, entries: 0 });
    await writeLog(auditDirectory, [{ kind: 'mode', mode: 'off' }]);
    const { holds, head } = await source.verifyAudit();
    expect([holds, head?.number, head?.hash.length]).toEqual([true, 2, 64]);
    const path = join(auditDirectory, 'audit-000001.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('anna', 'bert'));
    expect(await source.verifyAudit()).toMatchObject({
      ...{ holds: false, entries: 1, problem: `an entry was changed (${path}:2)` },
    });
  });
});
