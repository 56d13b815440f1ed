import {
  type AuditEntry,
  type GuardedEmitter,
  type Mitigation,
  type Mitigator,
  type RailsConfig,
  readAuditEntries,
  responseModes,
  verifyAuditLog,
} from '@flowpact/response';
import { withinTime } from '../daemon/within-time.ts';
import type { EmitterRules, MitigationSource } from '../http/api/mitigation-source.ts';
import type { AuditEntry as AuditEntryView } from '../http/api/schema/response-schema.ts';
import { breakText } from './audit-break-text.ts';
import { auditedMitigation, auditedReason, auditText } from './audit-text.ts';

export interface MitigatorSourceConfig {
  readonly rails: RailsConfig;
  /** Of the audit log. */
  readonly auditDirectory: string;
  /** How long an emitter may take to say what is in force, milliseconds. Default 5,000. */
  readonly emitterTimeoutMs?: number;
}

export interface MitigatorSourceDeps {
  readonly mitigator: Mitigator;
  readonly emitters: readonly Pick<GuardedEmitter, 'name' | 'kind' | 'inForce'>[];
}

export interface MitigatorSource extends MitigationSource {
  /** Give it to the mitigator as `onChange`. */
  onChange(mitigation: Mitigation): void;
}

/** A mitigator, its emitters and its audit log, for the API and the page. */
export function createMitigatorSource(
  { rails, auditDirectory, emitterTimeoutMs = 5000 }: MitigatorSourceConfig,
  { mitigator, emitters }: MitigatorSourceDeps,
): MitigatorSource {
  const listeners = new Set<(mitigation: Mitigation) => void>();
  /** In these modes no emitter is ever asked. */
  const isForReal = rails.mode === 'approve' || rails.mode === 'auto';

  async function rulesOf({ name, kind, inForce }: (typeof emitters)[number]): Promise<EmitterRules> {
    const found = { emitter: name, kind, rules: [] };
    if (!isForReal) return { ...found, failure: `not asked: the configured mode is ${rails.mode}` };
    try {
      const asked = inForce();
      if (await withinTime(asked, emitterTimeoutMs)) return { ...found, rules: await asked };
      // Whatever it says later, nobody waits for it.
      asked.catch(() => undefined);
      return { ...found, failure: `no answer within ${emitterTimeoutMs} ms` };
    } catch (error) {
      return { ...found, failure: (error as Error).message };
    }
  }

  return {
    get mode() {
      return mitigator.mode;
    },
    modes: responseModes.slice(0, responseModes.indexOf(rails.mode) + 1),
    approvals: rails.approvals,
    maxLifetimeSeconds: rails.maxLifetimeSeconds,
    emitters,
    mitigation: (id) => mitigator.mitigation(id),
    mitigations: (query) => mitigator.mitigations(query),
    dryRun: (event) => mitigator.dryRun(event),
    approve: (id, who, options) => mitigator.approve(id, who, options),
    reject: (id, who, why) => mitigator.reject(id, who, why),
    extend: (id, who, seconds, why) => mitigator.extend(id, who, seconds, why),
    withdraw: (id, who, why) => mitigator.withdraw(id, who, why),
    stopAll: (who, why) => mitigator.stopAll(who, why),
    setMode: (mode, who, why) => mitigator.setMode(mode, who, why),
    inForce: () => Promise.all(emitters.map(rulesOf)),
    async auditEntries({ before, limit }) {
      // One more, to know whether there are more.
      const query = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
      const entries = await readAuditEntries(auditDirectory, query);
      const items = entries.slice(0, limit).map(entryView);
      return { items, ...(entries.length > limit ? { next: String(items.at(-1)!.number) } : {}) };
    },
    async verifyAudit() {
      const { break: found, entries, head } = await verifyAuditLog(auditDirectory);
      return {
        ...{ holds: found === undefined, entries },
        ...(head.number === 0 ? {} : { head }),
        ...(found === undefined ? {} : { problem: breakText(found) }),
      };
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
    onChange(mitigation) {
      for (const listener of listeners) listener(mitigation);
    },
  };
}

function entryView(entry: AuditEntry): AuditEntryView {
  const { number, atMs, who, hash } = entry;
  const mitigation = auditedMitigation(entry);
  const why = auditedReason(entry);
  return {
    ...{ number, atMs, who, hash, what: auditText(entry) },
    ...(mitigation === undefined ? {} : { mitigation }),
    ...(why === undefined ? {} : { why }),
  };
}
