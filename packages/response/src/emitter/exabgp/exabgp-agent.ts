import type { Clock } from '../../clock.ts';
import { createAddressRails } from '../../rails/address-rails.ts';
import { defaultRails } from '../../rails/rails-config.ts';
import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import type { Timers } from '../../timers.ts';
import {
  type BlackholeRoute,
  bgpObjection,
  defaultBlackholeRoute,
  routeKey,
} from '../bgp/flow-specification.ts';
import type { KeptRule, KeptRules } from '../kept-rules.ts';
import { ruleOfAdjRibOut } from './adj-rib-out.ts';
import type { ExabgpApi } from './exabgp-api.ts';
import { announceCommand, withdrawCommand } from './exabgp-command.ts';

export interface ExabgpAgentConfig extends BlackholeRoute {
  /** Routes held at a time. Default 10,000. */
  readonly maxRoutes: number;
  /** The shortest prefix of a rule, of its source and of its destination, 1..32, whatever Flowpact allows. Default 24. */
  readonly minIpv4PrefixLength: number;
  /** The same of IPv6, 1..128. Default 48. */
  readonly minIpv6PrefixLength: number;
}

export const defaultExabgpAgent: ExabgpAgentConfig = {
  ...defaultBlackholeRoute,
  maxRoutes: 10_000,
  minIpv4PrefixLength: defaultRails.minIpv4PrefixLength,
  minIpv6PrefixLength: defaultRails.minIpv6PrefixLength,
};

export interface ExabgpAgentDeps {
  readonly api: ExabgpApi;
  readonly state: KeptRules;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told to whoever runs ExaBGP. */
  readonly log: (line: string) => void;
}

/**
 * Lives beside ExaBGP and keeps the life times, so that routes end though Flowpact is dead: whatever is announced is
 * written down before, and withdrawn at its time. After its own restart, or that of ExaBGP, it announces what still has
 * time and withdraws what has none, or is wider than it may be by now.
 */
export interface ExabgpAgent {
  /** @throws ResponseError `RESPONSE_EMITTER_FAILED`: what is written down cannot be read, or ExaBGP does not answer. */
  start(): Promise<void>;
  stop(): void;
  /** Announces it, or gives it a new time. @throws ResponseError. */
  apply(rule: Rule, untilMs: number): Promise<void>;
  withdraw(rule: Rule): Promise<void>;
  /** What is held and in the routes that ExaBGP gives its neighbours. */
  inForce(): Promise<readonly KeptRule[]>;
}

/** The clock of the system may be set: it is looked at so often. */
const longestWaitMs = 10_000;
/** Where ExaBGP did not take a withdrawal. */
const retryMs = 1_000;

export function createExabgpAgent(config: ExabgpAgentConfig, deps: ExabgpAgentDeps): ExabgpAgent {
  const { api, state, clock, timers, log } = deps;
  const floor = createAddressRails({ ...config, allowList: [] });
  const floorRefusal = (rule: Rule): string | undefined => floor.refusal(rule, { kind: 'person', who: '' });
  const isOver = ({ rule, untilMs }: KeptRule): boolean =>
    untilMs <= clock.now() || floorRefusal(rule) !== undefined;
  const held = new Map<string, KeptRule>();
  let last: Promise<unknown> = Promise.resolve();
  let stopTimer = (): void => {};
  let isStarted = false;
  let isStopped = false;

  /** One after the other: what is written down and what is announced never cross. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    last = result.catch(() => {});
    return result;
  }

  /** Before it has read what is written down, it would write over it. */
  function inTurnOnceStarted<T>(act: () => Promise<T>): Promise<T> {
    return inTurn(async () => {
      if (isStarted && !isStopped) return act();
      throw new ResponseError('RESPONSE_EMITTER_FAILED', 'exabgp: the agent has not started, or ends');
    });
  }

  const keep = (): void => state.write([...held.values()]);

  function arm(leastMs = 0): void {
    stopTimer();
    if (isStopped || held.size === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { untilMs } of held.values()) next = Math.min(next, untilMs);
    const waitMs = Math.min(Math.max(next - clock.now(), leastMs), longestWaitMs);
    stopTimer = timers.after(waitMs, () => void inTurn(endDue));
  }

  async function endDue(): Promise<void> {
    const due = [...held].filter(([, route]) => isOver(route));
    let failures = 0;
    for (const [key, { rule }] of due) {
      try {
        await api.send(withdrawCommand(rule, config));
        held.delete(key);
        keep();
        log(`ended: ${ruleText(rule)}`);
      } catch (error) {
        failures++;
        log(`not ended, tried again in ${retryMs} ms: ${ruleText(rule)}: ${messageOf(error)}`);
      }
    }
    arm(failures > 0 ? retryMs : 0);
  }

  return {
    start: () =>
      inTurn(async () => {
        const [version = ''] = await api.send('version');
        log(`${version} answers`);
        for (const route of state.read()) held.set(routeKey(route.rule), route);
        await endDue();
        for (const { rule } of [...held.values()].filter((route) => !isOver(route))) {
          await api.send(announceCommand(rule, config));
          log(`announced again: ${ruleText(rule)}`);
        }
        isStarted = true;
      }),
    stop() {
      isStopped = true;
      stopTimer();
    },
    apply: (rule, untilMs) =>
      inTurnOnceStarted(async () => {
        const text = ruleText(rule);
        const key = routeKey(rule);
        const before = held.get(key);
        if (!Number.isSafeInteger(untilMs) || untilMs <= clock.now()) throw refused(text, 'its time is over');
        const objection = floorRefusal(rule) ?? exabgpObjection(rule);
        if (objection !== undefined) throw refused(text, objection);
        if (before === undefined && held.size >= config.maxRoutes) {
          throw refused(text, `${held.size} routes are held, of at most ${config.maxRoutes} (maxRoutes)`);
        }
        if (before !== undefined && ruleText(before.rule) !== text) {
          throw refused(
            text,
            `the same traffic has another action; withdraw "${ruleText(before.rule)}" first`,
          );
        }
        held.set(key, { rule, untilMs });
        try {
          keep();
          await api.send(announceCommand(rule, config));
        } catch (error) {
          // It may be announced all the same: what is held is withdrawn at its time, as long as it did not end here.
          if (before !== undefined) held.set(key, before);
          else if (await isGone(rule)) held.delete(key);
          keep();
          throw error;
        } finally {
          arm();
        }
        log(`announced until ${new Date(untilMs).toISOString()}: ${text}`);
      }),
    withdraw: (rule) =>
      inTurnOnceStarted(async () => {
        const key = routeKey(rule);
        const text = ruleText(rule);
        const before = held.get(key);
        if (before === undefined || ruleText(before.rule) !== text) return;
        await api.send(withdrawCommand(rule, config));
        held.delete(key);
        keep();
        arm();
        log(`withdrawn: ${text}`);
      }),
    inForce: () =>
      inTurnOnceStarted(async () => {
        const routes = (await api.send('show adj-rib out extensive')).map(ruleOfAdjRibOut);
        const announced = new Set(routes.flatMap((rule) => (rule === undefined ? [] : [ruleText(rule)])));
        return [...held.values()].filter(({ rule }) => announced.has(ruleText(rule)));
      }),
  };

  async function isGone(rule: Rule): Promise<boolean> {
    return api.send(withdrawCommand(rule, config)).then(
      () => true,
      () => false,
    );
  }
}

/** Why ExaBGP 4 cannot say a rule. */
export function exabgpObjection(rule: Rule): string | undefined {
  const { action } = rule;
  if (action.kind === 'redirect' && action.routeTarget.includes('.')) {
    return `ExaBGP takes route targets of AS numbers alone, not ${action.routeTarget}`;
  }
  if (action.kind === 'rateLimit' && action.octetsPerSecond === 0) {
    return 'a rate of 0 is a drop; say so';
  }
  if (action.kind === 'rateLimit' && action.octetsPerSecond > 1e12) {
    return `ExaBGP takes rates up to 1000000000000 octets/s, not ${action.octetsPerSecond}`;
  }
  return bgpObjection(rule);
}

function refused(text: string, why: string): ResponseError {
  return new ResponseError('RESPONSE_EMITTER_FAILED', `exabgp: "${text}" is not announced: ${why}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
