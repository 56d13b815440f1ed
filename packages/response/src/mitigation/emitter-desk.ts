import type { AuditBody, KeptMitigation } from '../audit/audit-entry.ts';
import type { Clock } from '../clock.ts';
import type { RuleInForce } from '../emitter/emitter.ts';
import type { GuardedEmitter, RuleOrder } from '../rails/guarded-emitter.ts';
import { ResponseError } from '../response-error.ts';
import type { Rule } from '../rule/rule.ts';
import { ruleText } from '../rule/rule-text.ts';
import { emitterOf, type MitigationBook, mayBeInForce } from './mitigation-book.ts';
import type { MitigatorLimits } from './mitigator-config.ts';

export interface EmitterDeskDeps {
  readonly emitter: GuardedEmitter;
  readonly book: MitigationBook;
  readonly clock: Clock;
  readonly limits: Pick<MitigatorLimits, 'maxAttempts' | 'retryMs'>;
  /** Rejects where it takes too long. */
  readonly inTime: <T>(answer: Promise<T>) => Promise<T>;
  /** Writes down; resolves when that is on the disk. */
  readonly commit: (bodies: readonly AuditBody[]) => Promise<void>;
  /** Writes down if it can; what it is about is taken back in any case. */
  readonly commitIfPossible: (bodies: readonly AuditBody[]) => Promise<void>;
  readonly order: (mitigation: KeptMitigation) => RuleOrder;
  readonly onRemark: (text: string) => void;
}

/**
 * One thing at a time is asked of an emitter. What is to be done follows from the book alone at the moment that it is done,
 * so that what became obsolete in the meantime is not done.
 */
export interface EmitterDesk {
  /** Something may have to be done about a mitigation. */
  poke(id: string): void;
  /** Everything in force is to be read back, and made to agree with the book. */
  readBack(): void;
  /** Takes up what failed before and is due again. */
  tick(): void;
  /** Begins nothing more. */
  stop(): void;
}

const maxRetryMs = 10_000;

export function createEmitterDesk(deps: EmitterDeskDeps, track: (work: Promise<void>) => void): EmitterDesk {
  const { emitter, book, clock, limits, inTime, commit, commitIfPossible, order } = deps;
  /** In the order of their coming; those that are taken back go first. */
  const waiting = new Set<string>();
  const failures = new Map<string, { count: number; againMs: number }>();
  /** Those that the emitter may have been handed in this run. */
  const reached = new Set<string>();
  let isReadBackWanted = false;
  let readBackFailures = 0;
  let readBackAgainMs = Number.POSITIVE_INFINITY;
  let isStarted = false;
  let isRunning = false;
  let isStopped = false;

  function run(): void {
    if (isRunning || isStopped) return;
    isRunning = true;
    track(work());
  }

  async function work(): Promise<void> {
    try {
      for (;;) {
        if (isStopped) return;
        const id = next();
        if (id !== undefined) {
          waiting.delete(id);
          await step(id);
        } else if (isReadBackWanted) {
          isReadBackWanted = false;
          await compare();
        } else return;
      }
    } catch (error) {
      // The log could not be written, so that nothing may be begun; what ends is taken up by the next tick.
      deps.onRemark(`${emitter.name}: ${(error as Error).message}`);
    } finally {
      isRunning = false;
    }
  }

  function next(): string | undefined {
    for (const id of waiting) if (book.get(id)?.state === 'withdrawing') return id;
    return waiting.values().next().value;
  }

  async function started(): Promise<void> {
    if (isStarted) return;
    await inTime(emitter.start());
    isStarted = true;
  }

  async function step(id: string): Promise<void> {
    const mitigation = book.get(id);
    const candidate = mitigation?.candidates[mitigation.chosen];
    if (mitigation === undefined || candidate === undefined || candidate.emitter !== emitter.name) return;
    switch (mitigation.state) {
      case 'approved': {
        const untilMs = clock.now() + mitigation.lifetimeSeconds * 1_000;
        await commit([{ kind: 'turn', mitigation: id, state: 'applying', untilMs }]);
        return apply(id);
      }
      case 'applying':
        // Written down in an earlier run, or handed over before: it may be there.
        reached.add(id);
        return apply(id);
      case 'withdrawing':
        return withdraw(id, candidate.rule);
      default:
    }
  }

  async function apply(id: string): Promise<void> {
    const mitigation = book.get(id);
    if (mitigation?.state !== 'applying') return;
    try {
      await started();
      await inTime(emitter.apply(order(mitigation)));
    } catch (error) {
      return applyFailed(id, error);
    }
    reached.add(id);
    // It may have been ended meanwhile.
    if (book.get(id)?.state !== 'applying') return;
    await commit([{ kind: 'turn', mitigation: id, state: 'applied' }]);
    isReadBackWanted = true;
  }

  async function applyFailed(id: string, error: unknown): Promise<void> {
    const why = (error as Error).message;
    const isRefused =
      error instanceof ResponseError &&
      (error.code === 'RESPONSE_REFUSED' || error.code === 'RESPONSE_BAD_RULE');
    if (!isRefused) reached.add(id);
    const { state, untilMs = Number.POSITIVE_INFINITY } = book.get(id) ?? {};
    // What is refused since its time is over has not failed: it ends as what has expired, with the next tick.
    if (state !== 'applying' || untilMs <= clock.now()) return;
    const { count } = failed(id);
    if (!isRefused && count < limits.maxAttempts) return;
    await giveUp(id, isRefused ? why : `given up after ${count} attempts: ${why}`);
  }

  /** It has failed; what may be there is taken back first. */
  async function giveUp(id: string, why: string): Promise<void> {
    failures.delete(id);
    if (!reached.has(id)) return commit([{ kind: 'turn', mitigation: id, state: 'failed', why }]);
    await commitIfPossible([{ kind: 'turn', mitigation: id, state: 'withdrawing', endsAs: 'failed', why }]);
    waiting.add(id);
  }

  async function withdraw(id: string, rule: Rule): Promise<void> {
    try {
      await started();
      await inTime(emitter.withdraw(rule));
      isReadBackWanted = true;
    } catch (error) {
      const { count } = failed(id);
      if (count === 1) {
        deps.onRemark(`${emitter.name}: mitigation ${id} is not taken back yet: ${(error as Error).message}`);
      }
    }
  }

  function failed(id: string): { readonly count: number } {
    const count = (failures.get(id)?.count ?? 0) + 1;
    const pauseMs = Math.min(limits.retryMs * 2 ** (count - 1), maxRetryMs);
    const failure = { count, againMs: clock.now() + pauseMs };
    failures.set(id, failure);
    return failure;
  }

  /** Nothing else is asked of the emitter meanwhile, but people may decide. */
  async function compare(): Promise<void> {
    let rules: readonly RuleInForce[];
    try {
      await started();
      rules = await inTime(emitter.inForce());
      readBackFailures = 0;
      readBackAgainMs = Number.POSITIVE_INFINITY;
    } catch (error) {
      const pauseMs = Math.min(limits.retryMs * 2 ** readBackFailures, maxRetryMs);
      readBackAgainMs = clock.now() + pauseMs;
      readBackFailures++;
      if (readBackFailures === 1) deps.onRemark(`${emitter.name}: ${(error as Error).message}`);
      return;
    }
    const there = new Map(rules.map(({ rule }) => [ruleText(rule), rule]));
    const ends: AuditBody[] = [];
    const turns: AuditBody[] = [];
    for (const mitigation of book.open()) {
      if (emitterOf(mitigation) !== emitter.name) continue;
      const { id, state, endsAs = 'withdrawn' } = mitigation;
      const text = ruleText(mitigation.candidates[mitigation.chosen]!.rule);
      const isThere = there.has(text);
      switch (state) {
        case 'applied':
        case 'confirmed':
          if (!isThere) turns.push(missing(mitigation));
          else if (state === 'applied') {
            failures.delete(id);
            turns.push({ kind: 'turn', mitigation: id, state: 'confirmed' });
          }
          break;
        case 'withdrawing':
          if (isThere) {
            // Withdrawn, and there all the same: again, a little later, unless that is due anyway.
            if ((failures.get(id)?.againMs ?? 0) <= clock.now()) failed(id);
          } else {
            failures.delete(id);
            reached.delete(id);
            ends.push({ kind: 'turn', mitigation: id, state: endsAs });
          }
          break;
        default:
      }
      if (mayBeInForce(mitigation)) there.delete(text);
    }
    // Both in the same breath: what people decide comes before or after.
    await Promise.all([commitIfPossible(ends), commit(turns)]);
    for (const rule of there.values()) await takeBackStray(rule);
  }

  /** It was there, or was said to be: once more, as long as it does not happen over and over again. */
  function missing({ id, state }: KeptMitigation): AuditBody {
    const { count } = failed(id);
    if (count === 1) waiting.add(id);
    if (state === 'applied' && count >= limits.maxAttempts) {
      const why = `given up after ${count} attempts: it is not there when read back`;
      return { kind: 'turn', mitigation: id, state: 'withdrawing', endsAs: 'failed', why };
    }
    return { kind: 'turn', mitigation: id, state: 'applying', why: 'it was not there when read back' };
  }

  /** Ours, and nothing accounts for it: an answer that came too late, or a log that was lost. */
  async function takeBackStray(rule: Rule): Promise<void> {
    const owner = book.openOf(emitter.name, ruleText(rule));
    if (owner !== undefined && mayBeInForce(owner)) return;
    deps.onRemark(`${emitter.name}: no mitigation accounts for "${ruleText(rule)}"; it is taken back`);
    await commitIfPossible([{ kind: 'stray', emitter: emitter.name, rule }]);
    try {
      await inTime(emitter.withdraw(rule));
    } catch (error) {
      readBackAgainMs = clock.now() + limits.retryMs;
      deps.onRemark(`${emitter.name}: ${(error as Error).message}`);
    }
  }

  return {
    poke(id) {
      failures.delete(id);
      waiting.add(id);
      run();
    },
    readBack() {
      isReadBackWanted = true;
      run();
    },
    tick() {
      const nowMs = clock.now();
      for (const [id, { againMs }] of failures) {
        const state = book.get(id)?.state;
        if (state === 'applying' || state === 'withdrawing') {
          if (againMs <= nowMs) waiting.add(id);
        } else if (state !== 'applied') failures.delete(id);
      }
      if (readBackAgainMs <= nowMs) {
        readBackAgainMs = Number.POSITIVE_INFINITY;
        isReadBackWanted = true;
      }
      if (waiting.size > 0 || isReadBackWanted) run();
    },
    stop() {
      isStopped = true;
    },
  };
}
