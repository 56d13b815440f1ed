import { join } from 'node:path';
import type { Message, SecurityEvent } from '@flowpact/event';
import type { Answer, PolicyDeps } from '@flowpact/exchange';
import {
  chosenRuleText,
  createFileAuditLog,
  createMitigator,
  createPlanner,
  createRails,
  type FlowReplay,
  type GuardedEmitter,
  guardEmitter,
  type Mitigation,
  type MitigationState,
  ResponseError,
  type ResponseMode,
  systemClock,
  systemTimers,
} from '@flowpact/response';
import type { LoadedConfig } from '../config/load-config.ts';
import type { ResponseSettings } from '../config/response-config.ts';
import type { Logger } from '../log/logger.ts';
import { createMitigatorSource, type MitigatorSource } from './mitigator-source.ts';
import type { ResponseOffice } from './response-office.ts';
import { readResponseParts } from './response-parts.ts';

/** Where the audit log is, below the state directory. */
export const auditFolder = 'audit';

/** How the response fares. */
export interface ResponseReport {
  readonly mode: ResponseMode;
  /** Mitigations in memory, by emitter and state. */
  readonly mitigations: readonly {
    readonly emitter: string;
    readonly state: MitigationState;
    readonly count: number;
  }[];
  /** Requests that were refused since the start, by partner. */
  readonly refusals: readonly { readonly partner: string; readonly count: number }[];
  /** Events that were not tried because too many were at the same time. */
  readonly passedOver: number;
}

/** The response of a daemon at work. */
export interface RunningResponse {
  readonly office: ResponseOffice;
  /** For the API and the page. */
  readonly source: MitigatorSource;
  /** Never rejects; what goes wrong is in the log. */
  propose(event: SecurityEvent): Promise<void>;
  /** What is answered to partners: `received` where nothing becomes of what they say. */
  readonly decide: NonNullable<PolicyDeps['decide']>;
  /**
   * A partner's feedback: where it takes one of its messages back, what that came to ends. Resolves when that is written down.
   * @throws ResponseError `RESPONSE_NOT_RUNNING`.
   */
  heard(feedback: Message): Promise<void>;
  report(): ResponseReport;
  stop(): Promise<void>;
}

export interface RunningResponseDeps {
  readonly log: Logger;
  /** The flows that rules are tried on. Left out: none are kept. */
  readonly replay?: FlowReplay;
  /** Tells a partner what became of its request; resolves when that is in the outbox, or can never be said. */
  readonly feedback: (mitigation: Mitigation, answer: Answer) => Promise<void>;
}

const mitigationAsks = new Set(['block', 'rateLimit', 'blackhole', 'redirect']);

/** @throws FlowpactError or ResponseError where the configuration is wrong or the audit log cannot be used. */
export async function startResponse(
  loaded: LoadedConfig,
  settings: ResponseSettings,
  { log, replay, feedback }: RunningResponseDeps,
): Promise<RunningResponse> {
  const parts = readResponseParts(loaded, settings);
  const { rails } = parts.mitigator;
  const ownSpace = loaded.config.exchange?.addressSpace ?? [];
  const clock = systemClock;
  const auditDirectory = join(loaded.path(loaded.config.stateDirectory), auditFolder);
  let guarded: readonly GuardedEmitter[] = [];
  const refusals = new Map<string, number>();
  let passedOver = 0;
  const mitigator = createMitigator(parts.mitigator, {
    emitters(known) {
      const guard = createRails(rails, { clock, ...known });
      guarded = parts.emitters.map((emitter) => guardEmitter(emitter, guard));
      return guarded;
    },
    log: createFileAuditLog({ directory: auditDirectory }, { clock }),
    plan: createPlanner(parts.planner, {
      emitters: parts.emitters,
      rails: createRails(rails, { clock }),
      clock,
      ...(replay === undefined ? {} : { replay }),
    }),
    clock,
    timers: systemTimers,
    tell: feedback,
    onChange(mitigation) {
      tellLog(log, mitigation);
      source.onChange(mitigation);
    },
    onRemark: (text) => log.warn(text),
  });
  const source = createMitigatorSource({ rails, auditDirectory }, { mitigator, emitters: guarded });
  await mitigator.start();
  log.info({ mode: mitigator.mode, configured: rails.mode }, 'response: running');

  return {
    source,
    office: {
      mode: async () => mitigator.mode,
      async setMode(mode, who, why) {
        await mitigator.setMode(mode, who, why);
        log.warn({ mode, who, why }, 'response: the mode is another one');
      },
      mitigations: async (states) => mitigator.mitigations(states === undefined ? {} : { states }),
      mitigation: async (id) => mitigator.mitigation(id),
      approve: mitigator.approve,
      reject: mitigator.reject,
      extend: mitigator.extend,
      withdraw: mitigator.withdraw,
      async stopAll(who, why) {
        log.warn({ who, why }, 'response: everything is withdrawn');
        return mitigator.stopAll(who, why);
      },
      inForce: source.inForce,
    },
    async propose(event) {
      try {
        await mitigator.propose(event);
      } catch (error) {
        if (error instanceof ResponseError && error.code === 'RESPONSE_FULL') passedOver++;
        log.warn({ error: (error as Error).message }, 'response: nothing is proposed against an event');
      }
    },
    async decide(message, { party: { name }, addressSpace = [], policy }) {
      const asks = (message.conversation?.asks ?? []).filter(({ action }) => mitigationAsks.has(action));
      const partner = { name, addressSpace, trustLevel: policy?.trustLevel ?? 'low' };
      if (message.kind === 'alert') return mitigator.alert(message, partner, ownSpace);
      if (message.kind !== 'request' || asks.length === 0) return { status: 'received' };
      const outcome = await mitigator.request(message, asks, partner);
      if (outcome.status === 'rejected') refusals.set(name, (refusals.get(name) ?? 0) + 1);
      return outcome;
    },
    async heard({ sender, conversation: { supersedes, outcome } = {} }) {
      if (outcome?.status !== 'withdrawn' || supersedes?.sender !== sender.name) return;
      await mitigator.retract(supersedes);
    },
    report() {
      const counts = new Map<string, ResponseReport['mitigations'][number]>();
      for (const { candidates, chosen, state } of mitigator.mitigations()) {
        const emitter = candidates[chosen]?.emitter ?? '';
        const key = `${emitter}\n${state}`;
        counts.set(key, { emitter, state, count: (counts.get(key)?.count ?? 0) + 1 });
      }
      return {
        mode: mitigator.mode,
        mitigations: [...counts.values()],
        refusals: [...refusals].map(([partner, count]) => ({ partner, count })),
        passedOver,
      };
    },
    stop: mitigator.stop,
  };
}

function tellLog(log: Logger, mitigation: Mitigation): void {
  const { id, state, turns, origin } = mitigation;
  const { who, why } = turns.at(-1) ?? {};
  log.info(
    { mitigation: id, rule: chosenRuleText(mitigation), for: origin.kind, who, ...(why && { why }) },
    `response: ${state}`,
  );
}
