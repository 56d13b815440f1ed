// Proposes, withdraws and extends without end, over rules that are files, until it is killed.
// Usage: killed-mitigator.mjs DIRECTORY run|finish
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createFileAuditLog,
  createMitigator,
  createRails,
  defaultRails,
  guardEmitter,
  ruleText,
  systemClock,
  systemTimers,
} from '@flowpact/response';

const [directory, what] = process.argv.slice(2);
const folder = join(directory, 'rules');
mkdirSync(folder, { recursive: true });

const pathOf = (rule) => join(folder, createHash('sha256').update(ruleText(rule)).digest('hex'));
const whatever = () => pause(Math.random() * 4);
const emitter = {
  name: 'files',
  kind: 'webhook',
  objection: () => undefined,
  start: async () => {},
  stop: async () => {},
  async apply(rule, untilMs) {
    await whatever();
    const next = join(directory, 'next');
    writeFileSync(next, JSON.stringify({ rule, untilMs }));
    renameSync(next, pathOf(rule));
    await whatever();
  },
  async withdraw(rule) {
    await whatever();
    rmSync(pathOf(rule), { force: true });
    await whatever();
  },
  inForce: async () =>
    readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8'))),
};
const rails = { ...defaultRails, mode: 'auto', maxPerMinute: 1_000_000 };
const mitigator = createMitigator(
  { rails, limits: { reconcileMs: 100, retryMs: 10 } },
  {
    emitters: (known) => [guardEmitter(emitter, createRails(rails, { clock: systemClock, ...known }))],
    log: createFileAuditLog(
      { directory: join(directory, 'audit'), maxFileBytes: 100_000 },
      { clock: systemClock },
    ),
    clock: systemClock,
    timers: systemTimers,
    plan: async ({ event }) => [
      {
        level: 'auto',
        lifetimeSeconds: 1,
        candidates: [
          {
            rule: { match: { source: event.sources[0].address }, action: { kind: 'drop' } },
            emitter: 'files',
          },
        ],
        chosen: 0,
      },
    ],
  },
);
await mitigator.start();
await mitigator.settled();
const confirmed = mitigator.mitigations({ states: ['confirmed'] });
console.log(
  JSON.stringify({
    rules: (await emitter.inForce()).map(({ rule }) => ruleText(rule)).sort(),
    confirmed: confirmed.map(({ candidates }) => ruleText(candidates[0].rule)).sort(),
    latestMs: Date.now() - Math.min(Date.now(), ...confirmed.map(({ untilMs }) => untilMs)),
    open: mitigator.mitigations().filter(({ state }) => !/expired|withdrawn|rejected|failed/.test(state))
      .length,
  }),
);
if (what === 'finish') {
  await pause(2_500);
  await mitigator.settled();
  console.log(JSON.stringify({ rules: readdirSync(folder) }));
  await mitigator.stop();
} else {
  for (;;) {
    const address = `198.51.100.${Math.floor(Math.random() * 20)}`;
    const event = { type: 'scan', sources: [{ address }] };
    const [mitigation] = await mitigator.propose(event).catch(() => []);
    await pause(Math.random() * 5);
    const isOver = Math.random() < 0.3;
    if (mitigation !== undefined && isOver) await mitigator.withdraw(mitigation.id, 'anna').catch(() => {});
    else if (mitigation !== undefined) await mitigator.extend(mitigation.id, 'ben', 1).catch(() => {});
  }
}
