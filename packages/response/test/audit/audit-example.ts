import type { AuditBody } from '../../src/audit/audit-entry.ts';
import type { AuditLog } from '../../src/audit/audit-log.ts';
import { createFileAuditLog } from '../../src/audit/file-audit-log.ts';

export const emptyCheckpoint = () =>
  ({ kind: 'checkpoint', mode: 'approve', nextId: 1, mitigations: [] }) as const;

export const refusal = (why: string): AuditBody => ({
  kind: 'refused',
  partner: 'isp-b.example',
  count: 1,
  why,
});

/** A log over a directory, opened; time stands still. */
export async function openLog(directory: string, maxFileBytes?: number): Promise<AuditLog> {
  const log = createFileAuditLog(
    { directory, ...(maxFileBytes === undefined ? {} : { maxFileBytes }) },
    { clock: { now: () => 1_767_225_600_000 } },
  );
  await log.open(emptyCheckpoint);
  return log;
}

/** A log of so many entries behind its checkpoints. */
export async function writeLog(directory: string, count: number, maxFileBytes?: number): Promise<AuditLog> {
  const log = await openLog(directory, maxFileBytes);
  for (let i = 0; i < count; i++) await log.append('anna', [refusal(`reason ${i} – “ü”`)]).written;
  return log;
}
