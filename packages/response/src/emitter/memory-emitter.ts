import { type Clock, systemClock } from '../clock.ts';
import { ResponseError } from '../response-error.ts';
import { normalRule } from '../rule/normal-rule.ts';
import type { Rule } from '../rule/rule.ts';
import { ruleText } from '../rule/rule-text.ts';
import type { Emitter, EmitterKind, RuleInForce } from './emitter.ts';

/** `fail`: nothing is done. `loseAnswer`: it is done, but fails all the same. `hang`: nothing is done, and no answer comes. */
export type MemoryEmitterFault = 'fail' | 'loseAnswer' | 'hang';

export interface MemoryEmitterOptions {
  /** Default `memory`. */
  readonly name?: string;
  /** What it passes for. Default `webhook`. */
  readonly kind?: EmitterKind;
  /** Default: it can say every rule. */
  readonly objection?: (rule: Rule) => string | undefined;
  /** Whether rules go by themselves when their time has come. Default true. */
  readonly endsRules?: boolean;
  /** Asked before every call of the other side. Default: it always works. */
  readonly fault?: (call: MemoryEmitterCall) => MemoryEmitterFault | undefined;
  readonly clock?: Clock;
}

export type MemoryEmitterCall =
  | { readonly kind: 'apply'; readonly text: string; readonly untilMs: number }
  | { readonly kind: 'withdraw'; readonly text: string }
  | { readonly kind: 'inForce' };

/** For tests: the other side is a map, and fails as it is told. */
export interface MemoryEmitter extends Emitter {
  /** What was asked, in order, failed calls among it. */
  readonly calls: readonly MemoryEmitterCall[];
  /** How many calls hang. */
  readonly hanging: number;
  /** Puts a rule there behind the emitter's back; `undefined`: it has no end of its own. */
  plant(rule: Rule, untilMs: number | undefined): void;
  /** Takes one away behind its back, as when the other side has lost everything. */
  lose(rule: Rule): void;
}

export function createMemoryEmitter(options: MemoryEmitterOptions = {}): MemoryEmitter {
  const { name = 'memory', kind = 'webhook', endsRules = true, clock = systemClock } = options;
  const rules = new Map<string, RuleInForce>();
  const calls: MemoryEmitterCall[] = [];
  let hanging = 0;

  async function ask<T>(call: MemoryEmitterCall, act: () => T): Promise<T> {
    calls.push(call);
    const fault = options.fault?.(call);
    switch (fault) {
      case undefined:
        return act();
      case 'fail':
        throw failed(name, call.kind);
      case 'loseAnswer':
        act();
        throw failed(name, call.kind);
      case 'hang':
        hanging++;
        return new Promise<T>(() => {});
      default:
        return fault satisfies never;
    }
  }

  function plant(rule: Rule, untilMs: number | undefined): void {
    const normal = normalRule(rule);
    rules.set(ruleText(normal), { rule: normal, ...(untilMs === undefined ? {} : { untilMs }) });
  }

  return {
    name,
    kind,
    calls,
    get hanging() {
      return hanging;
    },
    plant,
    lose: (rule) => void rules.delete(ruleText(rule)),
    objection: (rule) => options.objection?.(rule),
    start: async () => {},
    stop: async () => {},
    apply: (rule, untilMs) =>
      ask({ kind: 'apply', text: ruleText(rule), untilMs }, () =>
        plant(rule, endsRules ? untilMs : undefined),
      ),
    withdraw: (rule) => {
      const text = ruleText(rule);
      return ask({ kind: 'withdraw', text }, () => void rules.delete(text));
    },
    inForce: () =>
      ask({ kind: 'inForce' }, () => {
        for (const [text, { untilMs }] of rules) {
          if (untilMs !== undefined && untilMs <= clock.now()) rules.delete(text);
        }
        return [...rules.values()];
      }),
  };
}

function failed(name: string, call: MemoryEmitterCall['kind']): ResponseError {
  return new ResponseError('RESPONSE_EMITTER_FAILED', `${name}: ${call} failed as it was told to`);
}
