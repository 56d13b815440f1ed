import type { SecurityEvent } from '@flowpact/event';
import {
  createFileAuditLog,
  createMemoryEmitter,
  createMitigator,
  createPlanner,
  createRails,
  defaultPlanner,
  defaultRails,
  type FlowReplay,
  type GuardedEmitter,
  guardEmitter,
  type Mitigation,
  type Playbook,
  type RailsConfig,
  systemClock,
  systemTimers,
} from '@flowpact/response';
import { createMitigatorSource, type MitigatorSource } from '../response/mitigator-source.ts';

export interface DemoResponseConfig {
  readonly auditDirectory: string;
}

export interface DemoResponseDeps {
  /** The flows that rules are tried on. */
  readonly replay: FlowReplay;
  /** How far the traffic has come, by its own time, milliseconds since 1970: it runs faster than the clock. */
  trafficMs(): number;
  onProposed(mitigation: Mitigation): void;
  onTrouble(what: string): void;
}

/** What the detecting network would do against the attack itself: proposals for whoever watches, and a firewall that is none. */
export interface DemoResponse {
  readonly source: MitigatorSource;
  start(): Promise<void>;
  stop(): Promise<void>;
  propose(event: SecurityEvent): void;
}

const firewall = 'pretended-firewall';
/** With blackholes, so that one sees what these would hit. */
const actions = [{ kind: 'drop' }, { kind: 'blackhole' }] as const;
const playbook: Playbook = [{ level: 'approve', emitters: [firewall], actions, lifetimeSeconds: 600 }];
const rails: RailsConfig = { ...defaultRails, mode: 'approve' };
/** Traffic goes on for as long as it is watched. */
const maxOpen = 20;

export function createDemoResponse(
  { auditDirectory }: DemoResponseConfig,
  { replay, trafficMs, onProposed, onTrouble }: DemoResponseDeps,
): DemoResponse {
  const clock = systemClock;
  const emitter = createMemoryEmitter({ name: firewall, kind: 'nftables' });
  let guarded: readonly GuardedEmitter[] = [];
  const plan = createPlanner(
    { ...defaultPlanner, playbook, rails },
    { emitters: [emitter], rails: createRails(rails, { clock }), clock: { now: trafficMs }, replay },
  );
  const mitigator = createMitigator(
    { rails, limits: { maxOpen } },
    {
      emitters(known) {
        const checked = createRails(rails, { clock, ...known });
        guarded = [guardEmitter(emitter, checked)];
        return guarded;
      },
      log: createFileAuditLog({ directory: auditDirectory }, { clock }),
      ...{ plan, clock, timers: systemTimers },
      onChange(mitigation) {
        if (mitigation.state === 'proposed' && mitigation.approvals.length === 0) onProposed(mitigation);
        source.onChange(mitigation);
      },
      onRemark: onTrouble,
    },
  );
  const source = createMitigatorSource({ rails, auditDirectory }, { mitigator, emitters: guarded });
  return {
    source,
    start: () => mitigator.start(),
    stop: () => mitigator.stop(),
    propose(event) {
      mitigator.propose(event).catch((error: Error) => onTrouble(`no proposal: ${error.message}`));
    },
  };
}
