import type {
  Candidate,
  CollateralReport,
  Mitigation,
  MitigationState,
  ResponseMode,
  Rule,
} from '@flowpact/response';
import { ResponseError, responseModes } from '@flowpact/response';
import type { MitigationSource } from '../../../src/http/api/mitigation-source.ts';
import type { AuditEntry, AuditVerification } from '../../../src/http/api/schema/response-schema.ts';
import { attacker, exampleEvent, startMs } from './example-source.ts';

const target = '198.51.100.9';

const hosts = (count: number, octets: number): CollateralReport['topOtherHosts'] =>
  Array.from({ length: Math.min(count, 8) }, (_, i) => ({
    address: `198.51.100.${20 + i}`,
    end: i % 3 === 0 ? 'source' : 'destination',
    flows: 40 - 4 * i,
    packets: 400 - 40 * i,
    octets: Math.round(octets / 2 ** (i + 1)),
  }));

/** A report in which so much of the attack and of other traffic is hit, of 1 each. */
export function exampleCollateral(attack: number, others: number, hostCount: number): CollateralReport {
  const totals = (share: number, flows: number) => ({
    flows: Math.round(flows * share),
    packets: Math.round(flows * 12 * share),
    octets: Math.round(flows * 9000 * share),
  });
  return {
    ...{ fromMs: startMs - 1_740_000, toMs: startMs + 60_000 },
    attack: { hit: totals(attack, 240), all: totals(1, 240) },
    others: { hit: totals(others, 61_000), all: totals(1, 61_000) },
    otherHosts: hostCount,
    topOtherHosts: hosts(hostCount, totals(others, 61_000).octets),
    ...{ allowedHosts: [], isPartial: false },
    verdict:
      others <= 0.01
        ? { isAcceptable: true, reason: 'within the limits' }
        : { isAcceptable: false, reason: `${hostCount} other hosts are hit; the limit is 10` },
  };
}

const rule = (match: Rule['match']): Rule => ({ match, action: { kind: 'drop' } });

/** Three against the same attacker: exact, wider, and one that may not be. */
export const exampleCandidates: readonly Candidate[] = [
  {
    rule: rule({
      source: `${attacker}/32`,
      destination: `${target}/32`,
      protocols: [6],
      destinationPorts: [{ low: 80 }, { low: 443 }],
    }),
    emitter: 'edge',
    collateral: exampleCollateral(0.62, 0, 0),
  },
  { rule: rule({ source: `${attacker}/32` }), emitter: 'edge', collateral: exampleCollateral(1, 0.0004, 3) },
  {
    rule: rule({ destination: `${target}/32` }),
    emitter: 'edge',
    collateral: exampleCollateral(0.62, 0.31, 412),
    refusal: 'collateral: 412 other hosts are hit; the limit is 10',
  },
];

export function exampleMitigation(
  id: string,
  state: MitigationState,
  fields: Partial<Mitigation> = {},
): Mitigation {
  const atMs = startMs + Number(id) * 1000;
  return {
    id,
    origin: { kind: 'event' },
    event: { ...exampleEvent, detector: { name: 'flowpact', rule: 'BruteForce' } },
    level: 'approve',
    candidates: exampleCandidates,
    chosen: 1,
    lifetimeSeconds: 3600,
    state,
    ...(state === 'proposed' ? {} : { untilMs: atMs + 3_600_000 }),
    approvals: [],
    turns: [
      { atMs, state: 'proposed', who: 'flowpact' },
      ...(state === 'proposed' ? [] : [{ atMs: atMs + 500, state, who: 'anna', why: 'seen it' }]),
    ],
    ...fields,
  };
}

export interface ExampleMitigations extends MitigationSource {
  /** What it was told to do, in order. */
  readonly told: unknown[];
  /** Puts a mitigation in the place of the one of its id, and tells those who listen. */
  put(mitigation: Mitigation): void;
}

/** Keeps mitigations, does what it is told at once, and refuses what is past. */
export function createExampleMitigations(
  first: readonly Mitigation[] = [exampleMitigation('1', 'confirmed'), exampleMitigation('2', 'proposed')],
): ExampleMitigations {
  const kept = new Map(first.map((each) => [each.id, each]));
  const told: unknown[] = [];
  const listeners = new Set<(mitigation: Mitigation) => void>();
  let mode: ResponseMode = 'approve';
  const put = (mitigation: Mitigation) => {
    kept.set(mitigation.id, mitigation);
    for (const listener of listeners) listener(mitigation);
  };
  const change = (
    id: string,
    from: readonly MitigationState[],
    to: Partial<Mitigation>,
    who: string,
    why?: string,
  ) => {
    const found = kept.get(id);
    if (found === undefined)
      throw new ResponseError('RESPONSE_UNKNOWN_MITIGATION', `there is no mitigation ${id}`);
    if (!from.includes(found.state)) {
      throw new ResponseError('RESPONSE_WRONG_STATE', `mitigation ${id} is ${found.state}: too late`);
    }
    const state = to.state ?? found.state;
    const turn = { atMs: found.turns.at(-1)!.atMs + 1000, state, who, ...(why === undefined ? {} : { why }) };
    put({ ...found, ...to, turns: [...found.turns, turn] });
    return kept.get(id)!;
  };
  const open: MitigationState[] = ['approved', 'applying', 'applied', 'confirmed'];
  const entry = (number: number): AuditEntry => ({
    number,
    atMs: startMs + number * 1000,
    who: number % 2 === 0 ? 'flowpact' : 'anna',
    what: number % 2 === 0 ? 'proposed' : 'approved',
    mitigation: String(Math.ceil(number / 2)),
    hash: number.toString(16).padStart(64, '0'),
  });
  const verification: AuditVerification = {
    ...{ holds: true, entries: 250 },
    head: { number: 250, hash: entry(250).hash },
  };
  return {
    told,
    put,
    get mode() {
      return mode;
    },
    modes: responseModes.slice(0, 3),
    ...{ approvals: 1, maxLifetimeSeconds: 86_400, emitters: [{ name: 'edge', kind: 'exabgp' }] },
    mitigation: (id) => kept.get(id),
    mitigations: () => [...kept.values()].sort((a, b) => Number(b.id) - Number(a.id)),
    dryRun: async () => exampleCandidates,
    async approve(id, who, options = {}) {
      told.push({ approve: id, who, ...options });
      const { candidate: chosen = kept.get(id)?.chosen ?? 0, why } = options;
      const untilMs = startMs + 3_600_000;
      return change(
        id,
        ['proposed'],
        { state: 'confirmed', chosen, untilMs, approvals: [{ who, atMs: startMs }] },
        who,
        why,
      );
    },
    async reject(id, who, why) {
      told.push({ reject: id, who, why });
      return change(id, ['proposed'], { state: 'rejected' }, who, why);
    },
    async extend(id, who, seconds, why) {
      told.push({ extend: id, who, seconds, why });
      if (seconds > 86_400) throw new ResponseError('RESPONSE_REFUSED', 'a rule may last 86400 s at most');
      return change(id, open, { untilMs: startMs + seconds * 1000 }, who, why);
    },
    async withdraw(id, who, why) {
      told.push({ withdraw: id, who, why });
      return change(id, open, { state: 'withdrawn' }, who, why);
    },
    async stopAll(who, why) {
      told.push({ stopAll: true, who, why });
      const inForce = [...kept.values()].filter(({ state }) => open.includes(state));
      for (const { id } of inForce) change(id, open, { state: 'withdrawn' }, who, why);
      for (const { id, state } of kept.values())
        if (state === 'proposed') change(id, ['proposed'], { state: 'rejected' }, who, why);
      mode = 'off';
      return inForce;
    },
    async setMode(next, who, why) {
      told.push({ mode: next, who, why });
      if (next === 'auto')
        throw new ResponseError('RESPONSE_REFUSED', 'the configuration goes no further than approve');
      mode = next;
    },
    async inForce() {
      return [
        {
          emitter: 'edge',
          kind: 'exabgp',
          rules: [
            ...[...kept.values()]
              .filter(({ state }) => state === 'confirmed')
              .map(({ candidates, chosen, untilMs }) => ({ rule: candidates[chosen].rule, untilMs })),
            { rule: rule({ source: '192.0.2.66/32' }) },
          ],
        },
        { emitter: 'host', kind: 'nftables', rules: [], failure: 'nft is not there' },
      ];
    },
    async auditEntries({ before = 251, limit }) {
      const last = Math.min(before - 1, 250);
      const items = Array.from({ length: Math.min(limit, last) }, (_, i) => entry(last - i));
      const next = last - items.length;
      return { items, ...(next > 0 ? { next: String(next + 1) } : {}) };
    },
    verifyAudit: async () => verification,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
