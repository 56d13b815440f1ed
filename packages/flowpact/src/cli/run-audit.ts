import { join } from 'node:path';
import { stringifyEvent } from '@flowpact/event';
import { type AuditEntry, type AuditHead, verifyAuditLog } from '@flowpact/response';
import { loadConfig } from '../config/load-config.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { breakText } from '../response/audit-break-text.ts';
import { auditedMitigation, auditedReason, auditText } from '../response/audit-text.ts';
import { auditFolder } from '../response/running-response.ts';
import { type ListOptions, printList, timeText } from './print-table.ts';

interface AuditOptions extends ListOptions {
  readonly config: string;
  readonly directory?: string;
}

export async function runAuditVerify({
  head,
  json = !process.stdout.isTTY,
  ...options
}: AuditOptions & { readonly head?: string }): Promise<void> {
  const directory = await directoryOf(options);
  const anchor = head === undefined ? {} : { head: parseHead(head) };
  const verdict = await verifyAuditLog(directory, anchor);
  if (verdict.break !== undefined) process.exitCode = 1;
  if (json) return console.log(JSON.stringify({ holds: verdict.break === undefined, ...verdict }));
  const { entries, first, head: last, tornBytes } = verdict;
  if (verdict.break !== undefined) console.log(`does not hold: ${breakText(verdict.break)}`);
  if (entries === 0) return console.log(`no entries in ${directory}`);
  console.log(`${verdict.break === undefined ? 'holds: ' : ''}entries ${first} to ${last.number}`);
  if (first > 1) console.log(`entries before ${first} are in files that are not here`);
  if (tornBytes > 0)
    console.log(`${tornBytes} bytes of an entry that a crash has torn; the next start cuts them off`);
  console.log(`head: ${last.number}:${last.hash}`);
}

export async function runAuditShow({
  mitigation,
  last = Number.POSITIVE_INFINITY,
  ...options
}: AuditOptions & { readonly mitigation?: string; readonly last?: number }): Promise<void> {
  const entries: AuditEntry[] = [];
  const { break: found } = await verifyAuditLog(await directoryOf(options), {
    onEntry(entry) {
      if (mitigation !== undefined && auditedMitigation(entry) !== mitigation) return;
      entries.push(entry);
      if (entries.length > last) entries.shift();
    },
  });
  printList(
    entries.map((entry) => JSON.parse(stringifyEvent(entry as never)) as AuditEntry),
    [
      { heading: 'ENTRY', text: ({ number }) => String(number) },
      { heading: 'TIME (UTC)', text: ({ atMs }) => timeText(atMs) },
      { heading: 'WHO', text: ({ who }) => who },
      { heading: 'MITIGATION', text: (entry) => auditedMitigation(entry) ?? '' },
      {
        heading: 'WHAT',
        text(entry) {
          const why = auditedReason(entry);
          return why === undefined ? auditText(entry) : `${auditText(entry)}: ${why}`;
        },
      },
    ],
    options,
  );
  if (found === undefined) return;
  console.error(`flowpact: the log does not hold from here on: ${breakText(found)}`);
  process.exitCode = 1;
}

async function directoryOf({ config, directory }: AuditOptions): Promise<string> {
  if (directory !== undefined) return directory;
  const loaded = await loadConfig(config);
  return join(loaded.path(loaded.config.stateDirectory), auditFolder);
}

function parseHead(text: string): AuditHead {
  const [, number, hash] = /^([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number !== undefined && hash !== undefined) return { number: Number(number), hash };
  throw new FlowpactError(
    'FLOWPACT_USAGE',
    `"${text}" is no head: write it as \`audit verify\` prints it, NUMBER:HASH`,
  );
}
