import { open, readFile, rename } from 'node:fs/promises';
import { type Clock, systemClock } from '../../clock.ts';
import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import { systemTimers, type Timers } from '../../timers.ts';
import type { Emitter } from '../emitter.ts';
import { createKeptRulesFile, type KeptRules } from '../kept-rules.ts';
import type { ListedRule, ListFormat } from './list-format.ts';

export interface BlockListEmitterConfig {
  /** Its name in the configuration. */
  readonly name: string;
  /** The file. What Flowpact has to remember of it is beside it, with `.json` at the end of its name. */
  readonly path: string;
}

export interface BlockListEmitterDeps {
  readonly format: ListFormat;
  /** Default: the file beside the list. */
  readonly kept?: KeptRules;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** The clock of the system may be set: it is looked at so often. */
const longestWaitMs = 10_000;
const retryMs = 1_000;

/**
 * Rules to a file that others read: written anew and put in place of the old, so that it is always whole. Lines go at
 * their time as long as Flowpact runs, or else when it starts; each has its end behind it, for readers who look.
 */
export function createBlockListEmitter(config: BlockListEmitterConfig, deps: BlockListEmitterDeps): Emitter {
  const { name, path } = config;
  const { format, clock = systemClock, timers = systemTimers } = deps;
  const kept = deps.kept ?? createKeptRulesFile(`${path}.json`);
  /** What the file has to say. */
  let written: string | undefined;
  let rules: ReadonlyMap<string, ListedRule> = new Map();
  let last: Promise<unknown> = Promise.resolve();
  let stopTimer = (): void => {};
  let isRunning = false;

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    last = result.catch(() => {});
    return result;
  }

  function whileRunning<T>(act: () => Promise<T>): Promise<T> {
    return inTurn(async () => {
      if (!isRunning)
        throw new ResponseError('RESPONSE_NOT_RUNNING', `${name} has not started, or has stopped`);
      return act();
    });
  }

  function failed(error: unknown): ResponseError {
    if (error instanceof ResponseError) return error;
    const why = error instanceof Error ? error.message : String(error);
    return new ResponseError('RESPONSE_EMITTER_FAILED', `${name}: ${path}: ${why}`, { cause: error });
  }

  /** What is to be kept is kept before the list has it: what is in the list is always known. */
  async function write(next: ReadonlyMap<string, ListedRule>): Promise<void> {
    try {
      const text = format.write([...next.values()], clock.now());
      kept.write([...new Map([...rules, ...next]).values()]);
      await replaceFile(path, text);
      written = text;
      rules = next;
      kept.write([...next.values()]);
    } catch (error) {
      throw failed(error);
    }
  }

  const due = (): string[] =>
    [...rules].filter(([, { untilMs }]) => untilMs <= clock.now()).map(([text]) => text);

  async function endDue(): Promise<void> {
    const ended = new Set(due());
    try {
      if (ended.size > 0) await write(new Map([...rules].filter(([text]) => !ended.has(text))));
      arm(0);
    } catch {
      arm(retryMs);
    }
  }

  function arm(leastMs: number): void {
    stopTimer();
    if (!isRunning || rules.size === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { untilMs } of rules.values()) next = Math.min(next, untilMs);
    const waitMs = Math.min(Math.max(next - clock.now(), leastMs), longestWaitMs);
    stopTimer = timers.after(waitMs, () => void inTurn(endDue));
  }

  return {
    name,
    kind: 'blockList',
    objection: (rule) => format.objection(rule),
    start: () =>
      inTurn(async () => {
        const nowMs = clock.now();
        const found = kept.read().filter(({ untilMs }) => untilMs > nowMs);
        await write(
          new Map(found.map((each) => [ruleText(each.rule), { sinceMs: nowMs, renewedMs: nowMs, ...each }])),
        );
        isRunning = true;
        arm(0);
      }),
    stop: () =>
      inTurn(async () => {
        isRunning = false;
        stopTimer();
      }),
    apply: (rule, untilMs) =>
      whileRunning(async () => {
        const text = ruleText(rule);
        const nowMs = clock.now();
        if (!(untilMs > nowMs)) throw failed(new Error(`"${text}": its time is over`));
        await write(new Map([...rules, [text, listed(rule, untilMs, nowMs, rules.get(text))]]));
        arm(0);
      }),
    withdraw: (rule) =>
      whileRunning(async () => {
        const text = ruleText(rule);
        await write(new Map([...rules].filter(([other]) => other !== text)));
        arm(0);
      }),
    inForce: () =>
      whileRunning(async () => {
        // A list that says something else is not what was handed over: nothing of it counts until it is written again.
        const text = await readFile(path, 'utf8').catch(() => undefined);
        if (text === undefined || text !== written) return [];
        return [...rules.values()].map(({ rule, untilMs }) => ({ rule, untilMs }));
      }),
  };
}

/** The clock may have been set back: nothing begins, or was renewed, after now. */
function listed(rule: Rule, untilMs: number, nowMs: number, before: ListedRule | undefined): ListedRule {
  if (before === undefined || before.untilMs <= nowMs)
    return { rule, untilMs, sinceMs: nowMs, renewedMs: nowMs };
  const sinceMs = Math.min(before.sinceMs, nowMs);
  const renewedMs = before.untilMs === untilMs ? Math.min(before.renewedMs, nowMs) : nowMs;
  return { rule, untilMs, sinceMs, renewedMs };
}

/** On the disk when it resolves; readers see the old or the new, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
