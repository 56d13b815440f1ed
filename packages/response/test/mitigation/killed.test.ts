import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { verifyAuditLog } from '../../src/audit/verify-audit-log.ts';
import { scratch } from '../scratch.ts';

/** More of them: `FLOWPACT_KILLS=200`. */
const kills = Number(process.env.FLOWPACT_KILLS ?? 20);

interface Standing {
  readonly rules: readonly string[];
  readonly confirmed: readonly string[];
  readonly latestMs: number;
  readonly open: number;
}

/** Runs one until it has said how it stands, and so long after that; 0: until it ends. @returns what it said. */
async function run(directory: string, what: 'run' | 'finish', killAfterMs: number): Promise<Standing[]> {
  const script = join(import.meta.dirname, 'killed-mitigator.mjs');
  const child = spawn(process.execPath, [script, directory, what], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const said: Standing[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(JSON.parse(line));
    if (what === 'run') setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  }
  expect(await exit).toEqual(what === 'run' ? [null, 'SIGKILL'] : [0, null]);
  return said;
}

it(
  `kill -9 at ${kills} moments: no rule is lost, doubled or outlives its time, and the log holds`,
  async () => {
    const directory = scratch();
    let mitigations = 0;
    for (let round = 0; round < kills; round++) {
      const [standing] = await run(directory, 'run', Math.random() * 150);
      // Whatever was in force when it was killed: a start makes rules and log agree.
      expect(standing?.rules).toEqual(standing?.confirmed);
      expect(standing?.open).toBe(standing?.confirmed.length);
      // The life time is looked at every second.
      expect(standing?.latestMs).toBeLessThan(1_500);
      const ids = new Set<string>();
      const verdict = await verifyAuditLog(join(directory, 'audit'), {
        onEntry(entry) {
          if (entry.kind === 'proposed') ids.add(entry.mitigation.id);
        },
      });
      expect(verdict.break).toBeUndefined();
      expect(ids.size).toBeGreaterThanOrEqual(mitigations);
      mitigations = ids.size;
    }
    expect(mitigations).toBeGreaterThan(kills);
    const [, end] = await run(directory, 'finish', 0);
    expect(end?.rules).toEqual([]);
    expect((await verifyAuditLog(join(directory, 'audit'))).break).toBeUndefined();
  },
  120_000 + kills * 5_000,
);
