import type { MessageRef } from '@flowpact/event';
import type { AuditBody, AuditEntry, KeptMitigation } from '../audit/audit-entry.ts';
import type { HeldRule } from '../rails/held-rule.ts';
import type { ResponseMode } from '../rails/rails-config.ts';
import { ruleText } from '../rule/rule-text.ts';
import { eventKey } from './kept-event.ts';
import type { MitigationState, MitigationTurn } from './mitigation.ts';

/** Turns kept in memory of a life; the audit log has all of them. The first stays, the oldest of the others leave. */
const maxTurns = 100;

/** What the entries of the audit log come to. */
export interface MitigationBook {
  fold(entry: AuditEntry): void;
  get(id: string): KeptMitigation | undefined;
  /** The oldest first. */
  all(): Iterable<KeptMitigation>;
  /** Those that have not ended, the oldest first. */
  open(): Iterable<KeptMitigation>;
  readonly openCount: number;
  /** The one that has not ended of a rule at an emitter: there is never another. */
  openOf(emitter: string, rule: string): KeptMitigation | undefined;
  /** All that are against the same, ended ones among them, the oldest first. */
  ofEvent(key: string): readonly KeptMitigation[];
  /** All that a message has asked for. */
  ofReference(reference: MessageRef): readonly KeptMitigation[];
  /** All of which the partner is yet to be told. */
  untold(): Iterable<KeptMitigation>;
  /** The mode that an operator has set; `auto`: whatever the configuration says. */
  readonly mode: ResponseMode;
  readonly nextId: number;
  checkpoint(): AuditBody & { readonly kind: 'checkpoint' };
}

const endStates: readonly MitigationState[] = ['expired', 'withdrawn', 'rejected', 'failed'];

export const isEnded = ({ state }: { readonly state: MitigationState }): boolean => endStates.includes(state);

/** Whether the emitter may have its rule. */
export const mayBeInForce = ({ state }: { readonly state: MitigationState }): boolean =>
  state === 'applying' || state === 'applied' || state === 'confirmed' || state === 'withdrawing';

export const emitterOf = ({ candidates, chosen }: KeptMitigation): string =>
  candidates[chosen]?.emitter ?? '';

export interface MitigationBookConfig {
  /** Ended ones that are kept. */
  readonly maxEnded: number;
  /** Whether the partner that asked is yet to be told how it stands. */
  readonly isUntold: (mitigation: KeptMitigation) => boolean;
}

export function createMitigationBook({ maxEnded, isUntold }: MitigationBookConfig): MitigationBook {
  let byId = new Map<string, KeptMitigation>();
  let openIds = new Set<string>();
  let endedIds = new Set<string>();
  let untoldIds = new Set<string>();
  let byRule = new Map<string, string>();
  let byEvent = new Map<string, Set<string>>();
  let byReference = new Map<string, Set<string>>();
  let mode: ResponseMode = 'auto';
  let nextId = 1;

  function put(mitigation: KeptMitigation): void {
    const { id } = mitigation;
    const before = byId.get(id);
    if (before !== undefined && openIds.has(id)) byRule.delete(ruleKeyOf(before));
    byId.set(id, mitigation);
    if (before === undefined) {
      addTo(byEvent, eventKey(mitigation.event), id);
      const { origin } = mitigation;
      if (origin.kind === 'request') addTo(byReference, referenceKey(origin.reference), id);
    }
    if (isUntold(mitigation)) untoldIds.add(id);
    else untoldIds.delete(id);
    if (isEnded(mitigation)) {
      openIds.delete(id);
      endedIds.add(id);
    } else {
      openIds.add(id);
      byRule.set(ruleKeyOf(mitigation), id);
    }
  }

  function forget(mitigation: KeptMitigation): void {
    const { id, origin } = mitigation;
    byId.delete(id);
    endedIds.delete(id);
    removeFrom(byEvent, eventKey(mitigation.event), id);
    if (origin.kind === 'request') removeFrom(byReference, referenceKey(origin.reference), id);
  }

  function trim(): void {
    for (const id of endedIds) {
      if (endedIds.size - untoldIds.size <= maxEnded) return;
      const mitigation = byId.get(id);
      if (mitigation !== undefined && !untoldIds.has(id)) forget(mitigation);
    }
  }

  function change(id: string, update: (mitigation: KeptMitigation) => KeptMitigation): void {
    const mitigation = byId.get(id);
    if (mitigation !== undefined) put(update(mitigation));
    trim();
  }

  const listed = (ids: ReadonlySet<string> | undefined): KeptMitigation[] =>
    [...(ids ?? [])].flatMap((id) => byId.get(id) ?? []);

  return {
    fold(entry) {
      const { atMs, who } = entry;
      switch (entry.kind) {
        case 'checkpoint':
          byId = new Map();
          openIds = new Set();
          endedIds = new Set();
          untoldIds = new Set();
          byRule = new Map();
          byEvent = new Map();
          byReference = new Map();
          mode = entry.mode;
          nextId = entry.nextId;
          for (const mitigation of entry.mitigations) put(mitigation);
          return;
        case 'proposed':
          put(entry.mitigation);
          nextId = Number(entry.mitigation.id) + 1;
          return;
        case 'turn': {
          const { state, why, untilMs, endsAs, isSilent } = entry;
          return change(entry.mitigation, ({ endsAs: _, ...mitigation }) => ({
            ...mitigation,
            state,
            turns: withTurn(mitigation.turns, { atMs, state, who, ...(why === undefined ? {} : { why }) }),
            ...(untilMs === undefined ? {} : { untilMs }),
            ...(endsAs === undefined ? {} : { endsAs }),
            ...(isSilent === undefined ? {} : { isSilent }),
          }));
        }
        case 'approval': {
          const { chosen } = entry;
          return change(entry.mitigation, (mitigation) => ({
            ...mitigation,
            chosen,
            // Whoever said yes said it to another rule.
            approvals: [...(mitigation.chosen === chosen ? mitigation.approvals : []), { who, atMs }],
          }));
        }
        case 'extended': {
          const { untilMs, why } = entry;
          return change(entry.mitigation, ({ told: _, ...mitigation }) => ({
            ...mitigation,
            untilMs,
            state: 'applying',
            turns: withTurn(mitigation.turns, {
              ...{ atMs, who, state: 'applying' },
              why: why === undefined ? 'extended' : `extended: ${why}`,
            }),
          }));
        }
        case 'told':
          return change(entry.mitigation, (mitigation) => ({ ...mitigation, told: entry.state }));
        case 'mode':
          mode = entry.mode;
          return;
        case 'stray':
        case 'refused':
          return;
        default:
          entry satisfies never;
      }
    },
    get: (id) => byId.get(id),
    all: () => byId.values(),
    open: () => listed(openIds),
    get openCount() {
      return openIds.size;
    },
    openOf(emitter, rule) {
      const id = byRule.get(`${emitter}\n${rule}`);
      return id === undefined ? undefined : byId.get(id);
    },
    ofEvent: (key) => listed(byEvent.get(key)),
    ofReference: (reference) => listed(byReference.get(referenceKey(reference))),
    untold: () => listed(untoldIds),
    get mode() {
      return mode;
    },
    get nextId() {
      return nextId;
    },
    checkpoint: () => ({
      kind: 'checkpoint',
      mode,
      nextId,
      mitigations: [...byId.values()].filter(({ id }) => openIds.has(id) || untoldIds.has(id)),
    }),
  };
}

/** What counts against the caps of the rails. */
export function* heldRules(open: Iterable<KeptMitigation>): Generator<HeldRule> {
  for (const mitigation of open) {
    const { candidates, chosen, turns, untilMs, origin } = mitigation;
    const candidate = candidates[chosen];
    // One that is being applied for the first time is counted by the rails themselves.
    const applied = turns.find(({ state }) => state === 'applied');
    if (candidate === undefined || untilMs === undefined || !mayBeInForce(mitigation)) continue;
    if (applied === undefined) continue;
    yield {
      emitter: candidate.emitter,
      rule: candidate.rule,
      text: ruleText(candidate.rule),
      sinceMs: applied.atMs,
      untilMs,
      ...(origin.kind === 'request' ? { partner: origin.partner } : {}),
    };
  }
}

function withTurn(turns: readonly MitigationTurn[], turn: MitigationTurn): readonly MitigationTurn[] {
  if (turns.length < maxTurns) return [...turns, turn];
  return [...turns.slice(0, 1), ...turns.slice(2), turn];
}

function ruleKeyOf({ candidates, chosen }: KeptMitigation): string {
  const candidate = candidates[chosen];
  return candidate === undefined ? '' : `${candidate.emitter}\n${ruleText(candidate.rule)}`;
}

const referenceKey = ({ sender, id }: MessageRef) => `${sender}\n${id}`;

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function removeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
