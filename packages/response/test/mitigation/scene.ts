import type { Ask, Message, Outcome, SecurityEvent } from '@flowpact/event';
import { createMemoryAuditLog, type MemoryAuditLog } from '../../src/audit/memory-audit-log.ts';
import {
  createMemoryEmitter,
  type MemoryEmitter,
  type MemoryEmitterOptions,
} from '../../src/emitter/memory-emitter.ts';
import type { Candidate, Mitigation } from '../../src/mitigation/mitigation.ts';
import { createMitigator } from '../../src/mitigation/mitigator.ts';
import type { MitigatorLimits } from '../../src/mitigation/mitigator-config.ts';
import type { Mitigator, RequestingPartner } from '../../src/mitigation/mitigator-interface.ts';
import type { PlanMitigations } from '../../src/mitigation/plan.ts';
import { guardEmitter } from '../../src/rails/guard-emitter.ts';
import { createRails } from '../../src/rails/rails.ts';
import { defaultRails, type RailsConfig } from '../../src/rails/rails-config.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { ruleText } from '../../src/rule/rule-text.ts';
import { createVirtualTime, type VirtualTime } from '../virtual-time.ts';

export const attack = (source = '198.51.100.7'): SecurityEvent => ({
  type: 'bruteForce',
  detector: { name: 'flowpact', rule: 'ssh.epl#BruteForce' },
  sources: [{ address: source }],
  targets: [{ address: '192.0.2.10' }],
});

export const dropOf = (event: SecurityEvent): Rule => ({
  match: { source: event.sources?.[0]?.address ?? '', destination: event.targets?.[0]?.address ?? '' },
  action: { kind: 'drop' },
});

/** One plan for each event: drop what its first source sends to its first target. */
export const planDrop =
  (level: 'propose' | 'approve' | 'auto', candidate: Partial<Candidate> = {}): PlanMitigations =>
  async ({ event, asks }) => [
    {
      level,
      lifetimeSeconds: Math.min(3_600, Number(asks?.[0]?.lifetimeSeconds ?? 3_600)),
      candidates: [{ rule: dropOf(event), emitter: 'memory', ...candidate }],
      chosen: 0,
    },
  ];

export const partner: RequestingPartner = {
  name: 'isp-a.example',
  trustLevel: 'high',
  addressSpace: ['192.0.2.0/24'],
};

export const block: Ask = { action: 'block', lifetimeSeconds: 600 };

let nextMessage = 1;
export const requestOf = (asks: readonly Ask[], event = attack(), id = String(nextMessage++)): Message => ({
  kind: 'request',
  id,
  sender: { name: partner.name },
  createdMs: 1_767_225_600_000,
  event,
  conversation: { asks },
});

export interface SceneOptions {
  readonly rails?: Partial<RailsConfig>;
  readonly limits?: Partial<MitigatorLimits>;
  readonly hidingEmitters?: readonly string[];
  readonly plan?: PlanMitigations;
  readonly emitter?: MemoryEmitterOptions;
  readonly tell?: (mitigation: Mitigation, outcome: Outcome) => Promise<void>;
}

/** A mitigator over an emitter and a log that both outlive it. */
export interface Scene {
  readonly time: VirtualTime;
  readonly emitter: MemoryEmitter;
  readonly log: MemoryAuditLog;
  readonly remarks: string[];
  readonly told: { readonly id: string; readonly outcome: Outcome }[];
  readonly mitigator: Mitigator;
  /** What is in force there now. */
  rules(): Promise<readonly string[]>;
  /** The states that a mitigation went through. */
  path(id: string): string;
  /** Kills the mitigator and starts another over the same. */
  restart(options?: SceneOptions): Promise<void>;
}

export async function createScene(options: SceneOptions = {}): Promise<Scene> {
  const time = createVirtualTime();
  const { fault, ...emitterOptions } = options.emitter ?? {};
  let isLooking = false;
  const emitter = createMemoryEmitter({
    clock: time,
    ...emitterOptions,
    fault: (call) => (isLooking ? undefined : fault?.(call)),
  });
  const log = createMemoryAuditLog({ clock: time });
  const remarks: string[] = [];
  const told: { id: string; outcome: Outcome }[] = [];
  let mitigator: Mitigator;

  async function start(with_: SceneOptions): Promise<void> {
    const rails: RailsConfig = { ...defaultRails, mode: 'auto', ...with_.rails };
    let isAlive = true;
    /** Who was killed asks nothing, and hears no answer. */
    const ofLiving = async <T>(call: () => Promise<T>): Promise<T> => {
      const never = new Promise<never>(() => {});
      if (!isAlive) return never;
      const answer = await call();
      return isAlive ? answer : never;
    };
    mitigator = createMitigator(
      { rails, limits: with_.limits ?? {}, hidingEmitters: with_.hidingEmitters ?? [] },
      {
        emitters: (known) => [
          guardEmitter(
            {
              ...emitter,
              apply: (rule, untilMs) => ofLiving(() => emitter.apply(rule, untilMs)),
              withdraw: (rule) => ofLiving(() => emitter.withdraw(rule)),
              inForce: () => ofLiving(() => emitter.inForce()),
            },
            createRails(rails, { clock: time, ...known }),
          ),
        ],
        log: {
          open: log.open,
          close: log.close,
          append(who, bodies) {
            if (!isAlive) throw new Error('nobody writes any more');
            return log.append(who, bodies);
          },
          get head() {
            return log.head;
          },
        },
        clock: time,
        timers: {
          // Nothing of one that was killed goes on.
          after: (delayMs, call) => time.after(delayMs, () => isAlive && call()),
        },
        plan: with_.plan ?? planDrop('auto'),
        onRemark: (text) => remarks.push(text),
        tell:
          with_.tell ??
          (async ({ id }, outcome) => {
            told.push({ id, outcome });
          }),
      },
    );
    kill = () => {
      isAlive = false;
    };
    await mitigator.start();
    await time.advance(0);
  }
  let kill = () => {};
  await start(options);

  return {
    time,
    emitter,
    log,
    remarks,
    told,
    get mitigator() {
      return mitigator;
    },
    async rules() {
      isLooking = true;
      const there = emitter.inForce();
      isLooking = false;
      return (await there).map(({ rule }) => ruleText(rule)).sort();
    },
    path: (id) =>
      mitigator
        .mitigation(id)
        ?.turns.map(({ state }) => state)
        .join(' ') ?? '',
    async restart(next = options) {
      kill();
      log.crash();
      await start(next);
    },
  };
}
