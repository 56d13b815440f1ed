import type { AuditBody, KeptMitigation } from '../audit/audit-entry.ts';
import { lowerMode, personOf } from '../rails/approval-rails.ts';
import { checkRailsConfig } from '../rails/check-rails-config.ts';
import type { GuardedEmitter, RuleOrder } from '../rails/guarded-emitter.ts';
import { type ResponseMode, responseModes } from '../rails/rails-config.ts';
import { ResponseError } from '../response-error.ts';
import { ruleText } from '../rule/rule-text.ts';
import { createAdmission } from './admission.ts';
import { hasEnough } from './approvals.ts';
import { createEmitterDesk, type EmitterDesk } from './emitter-desk.ts';
import type { Mitigation, MitigationState } from './mitigation.ts';
import { createMitigationBook, emitterOf, heldRules, mayBeInForce } from './mitigation-book.ts';
import { isUntold } from './mitigation-outcome.ts';
import { checkedLimits, type MitigatorConfig, type MitigatorDeps } from './mitigator-config.ts';
import type { MitigationQuery, Mitigator } from './mitigator-interface.ts';
import { createSilence } from './silence.ts';
import { createTelling } from './telling.ts';
import { createWrittenBook } from './written-book.ts';

const own = 'flowpact';

/** How often it is looked for what is due, milliseconds: life times end that late at most. */
const tickMs = 1_000;

/**
 * All that becomes of rules. What stands in the audit log is the state: every method decides on it, writes down what it
 * decides, and only then is anything done; after a crash the log tells what may have been done.
 *
 * A rule ends within a second and the time that its emitter takes to answer behind its life time; where an emitter does not
 * answer, it is asked again until it does. Where the log cannot be written, nothing is applied any more, and what
 * is in force is taken back in its time all the same.
 *
 * @throws ResponseError `RESPONSE_BAD_CONFIG`.
 */
export function createMitigator(config: MitigatorConfig, deps: MitigatorDeps): Mitigator {
  checkRailsConfig(config.rails);
  const limits = checkedLimits(config.limits);
  const { clock, timers, log } = deps;
  const { rails } = config;
  const book = createMitigationBook({
    maxEnded: limits.maxEnded,
    isUntold: (mitigation) => deps.tell !== undefined && isUntold(mitigation),
  });
  const emitters = new Map<string, GuardedEmitter>();
  for (const emitter of deps.emitters({ inForce: () => heldRules(book.open()), mode: () => book.mode })) {
    if (emitters.has(emitter.name)) throw badConfig(`two emitters are called ${emitter.name}`);
    emitters.set(emitter.name, emitter);
  }
  const desks = new Map<string, EmitterDesk>();
  const silence = createSilence(limits, new Set(config.hidingEmitters ?? []), clock);
  let isRunning = false;
  let stopTicking: () => void = () => undefined;
  let readBackMs = 0;
  const underWay = new Set<Promise<unknown>>();

  function track(work: Promise<unknown>): void {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    underWay.add(settled);
    void settled.then(() => underWay.delete(settled));
  }

  const remark = (text: string) => deps.onRemark?.(text);
  const mode = (): ResponseMode => lowerMode(rails.mode, book.mode);
  /** Whether emitters are ever handed anything; if so, what is in force there is looked after also while the mode is off. */
  const isForReal = rails.mode === 'approve' || rails.mode === 'auto';
  const mayApply = () => mode() === 'approve' || mode() === 'auto';
  const written = createWrittenBook({ log, book, clock, track, onWritten, onRemark: remark });
  const { commit, commitIfPossible } = written;
  const admission = createAdmission(rails, limits, {
    ...{ book, written, plan: deps.plan, silence, clock, mode, track, onRemark: remark },
    isEmitter: (name) => emitters.has(name),
    onApproved: poke,
    onEnding: poke,
  });
  const { tell } = deps;
  const tellAll =
    tell && createTelling({ tell, book, written, clock, retryMs: limits.retryMs, track, onRemark: remark });

  function onWritten(ids: Iterable<string>): void {
    for (const id of ids) {
      const mitigation = book.get(id);
      if (mitigation === undefined) continue;
      try {
        deps.onChange?.(mitigation);
      } catch (error) {
        remark(`onChange: ${(error as Error).message}`);
      }
    }
    if (isRunning) tellAll?.();
  }

  function poke(mitigation: KeptMitigation | undefined): void {
    if (mitigation !== undefined) desks.get(emitterOf(mitigation))?.poke(mitigation.id);
  }

  function inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cancel = timers.after(limits.emitterTimeoutMs, () =>
        reject(
          new ResponseError('RESPONSE_EMITTER_FAILED', `no answer within ${limits.emitterTimeoutMs} ms`),
        ),
      );
      answer.then(resolve, reject).finally(cancel);
    });
  }

  const order = (mitigation: KeptMitigation): RuleOrder => ({
    rule: mitigation.candidates[mitigation.chosen]!.rule,
    untilMs: mitigation.untilMs ?? 0,
    origin: mitigation.origin,
    approvedBy: mitigation.approvals.map(({ who }) => who),
    needsApproval: mitigation.level !== 'auto',
  });

  function running(): void {
    if (!isRunning) throw new ResponseError('RESPONSE_NOT_RUNNING', 'the response is not started');
  }

  function known(id: string): KeptMitigation {
    running();
    const mitigation = book.get(id);
    if (mitigation !== undefined) return mitigation;
    throw new ResponseError('RESPONSE_UNKNOWN_MITIGATION', `there is no mitigation ${id}`);
  }

  function inState(id: string, states: readonly MitigationState[], what: string): KeptMitigation {
    const mitigation = known(id);
    if (states.includes(mitigation.state)) return mitigation;
    throw new ResponseError(
      'RESPONSE_WRONG_STATE',
      `mitigation ${id} is ${mitigation.state}; only one that is ${states.join(' or ')} can be ${what}`,
    );
  }

  function person(who: string): string {
    if (!['', own].includes(personOf(who)) && who.length <= 100) return who;
    throw new ResponseError('RESPONSE_REFUSED', `"${who}" is no person's name`);
  }

  /** Taken back, or never to be applied: what an end of it by somebody is. */
  function ending({ id, state }: KeptMitigation, why: string | undefined): AuditBody {
    const reason = why === undefined ? {} : { why };
    switch (state) {
      case 'proposed':
        return { kind: 'turn', mitigation: id, state: 'rejected', ...reason };
      case 'approved':
        return { kind: 'turn', mitigation: id, state: 'withdrawn', ...reason };
      default:
        return { kind: 'turn', mitigation: id, state: 'withdrawing', endsAs: 'withdrawn', ...reason };
    }
  }

  function tick(): void {
    stopTicking = timers.after(tickMs, tick);
    const nowMs = clock.now();
    const ends: AuditBody[] = [];
    const taken: string[] = [];
    for (const mitigation of book.open()) {
      const { id, state, untilMs, turns, actUntilMs } = mitigation;
      switch (state) {
        case 'proposed': {
          const deadlineMs = Math.min(
            (turns[0]?.atMs ?? 0) + limits.proposalMs,
            actUntilMs ?? Number.POSITIVE_INFINITY,
          );
          if (nowMs >= deadlineMs) {
            ends.push({
              kind: 'turn',
              mitigation: id,
              state: 'expired',
              why: 'nobody decided on it in time',
            });
          }
          break;
        }
        case 'applying':
        case 'applied':
        case 'confirmed': {
          const isOver = untilMs !== undefined && nowMs >= untilMs;
          const why = isOver ? undefined : silence.reason(mitigation);
          if (!isOver && why === undefined) break;
          const endsAs = isOver ? 'expired' : 'withdrawn';
          const reason = why === undefined ? {} : { why, isSilent: true };
          ends.push({ kind: 'turn', mitigation: id, state: 'withdrawing', endsAs, ...reason });
          taken.push(id);
          break;
        }
        default:
      }
    }
    ends.push(...admission.refusals());
    if (ends.length > 0) {
      track(
        commitIfPossible(own, ends).then(() => {
          for (const id of taken) poke(book.get(id));
        }),
      );
    }
    const isReadBackDue = nowMs >= readBackMs;
    if (isReadBackDue) readBackMs = nowMs + limits.reconcileMs;
    for (const [name, desk] of desks) {
      if (isReadBackDue && (isForReal || hasAnything(name))) desk.readBack();
      desk.tick();
    }
    tellAll?.();
  }

  const hasAnything = (emitter: string) =>
    [...book.open()].some((each) => mayBeInForce(each) && emitterOf(each) === emitter);

  /** Where the mode lets nothing be in force: what is gets taken back. */
  function endings(who: string, why: string | undefined, isAll: boolean): AuditBody[] {
    return [...book.open()]
      .filter(({ state }) => state !== 'withdrawing' && (isAll || state !== 'proposed'))
      .map((mitigation) => ending(mitigation, why ?? `by ${who}`));
  }

  async function endWith(who: string, bodies: readonly AuditBody[]): Promise<void> {
    await commitIfPossible(who, bodies);
    for (const body of bodies) if (body.kind === 'turn') poke(book.get(body.mitigation));
  }

  return {
    async start() {
      if (isRunning) return;
      const { entries, cutBytes } = await log.open(() => book.checkpoint());
      for (const entry of entries) book.fold(entry);
      if (cutBytes > 0) remark(`a crash had torn the last entry of the audit log (${cutBytes} bytes)`);
      for (const [name, emitter] of emitters) {
        desks.set(
          name,
          createEmitterDesk(
            {
              ...{ emitter, book, clock, limits, inTime, order, onRemark: remark },
              commit: (bodies) => commit(own, bodies),
              commitIfPossible: (bodies) => commitIfPossible(own, bodies),
            },
            track,
          ),
        );
      }
      isRunning = true;
      const lost: AuditBody[] = [];
      for (const mitigation of book.open()) {
        if (mitigation.state === 'proposed' || emitters.has(emitterOf(mitigation))) continue;
        remark(
          `mitigation ${mitigation.id} is at ${emitterOf(mitigation)}, which is not configured any more`,
        );
        const why = `there is no emitter ${emitterOf(mitigation)} any more: see there whether it is gone`;
        lost.push({ kind: 'turn', mitigation: mitigation.id, state: 'failed', why });
      }
      await commitIfPossible(own, lost);
      if (!mayApply()) await endWith(own, endings(own, `the mode is ${mode()}`, false));
      for (const mitigation of book.open()) if (mitigation.state !== 'proposed') poke(mitigation);
      tick();
    },
    async stop() {
      if (!isRunning) return;
      isRunning = false;
      stopTicking();
      for (const desk of desks.values()) desk.stop();
      await settled();
      await Promise.allSettled([...emitters.values()].map((emitter) => inTime(emitter.stop())));
      desks.clear();
      await log.close();
    },
    async propose(event) {
      running();
      return admission.propose(event);
    },
    async request(message, asks, partner) {
      running();
      return admission.request(message, asks, partner);
    },
    async alert(message, partner, ownSpace) {
      running();
      return admission.alert(message, partner, ownSpace);
    },
    async retract(reference) {
      running();
      const ids = await admission.retract(reference);
      return ids.flatMap((id) => book.get(id) ?? []);
    },
    async dryRun(event) {
      const plans = await deps.plan({ event, origin: { kind: 'event' } });
      return plans.flatMap(({ candidates }) => candidates);
    },
    async approve(id, who, { candidate, why } = {}) {
      const mitigation = inState(id, ['proposed'], 'approved');
      const { chosen, level, approvals, candidates } = mitigation;
      const refused = (reason: string) =>
        new ResponseError('RESPONSE_REFUSED', `mitigation ${id}: ${reason}`);
      if (!mayApply()) throw refused(`nothing is applied in mode ${mode()}`);
      if (level === 'propose') throw refused('the playbook lets it be looked at only');
      const meant = candidate ?? chosen;
      const wanted = candidates[meant];
      if (wanted === undefined) throw refused(`it has no candidate ${meant}`);
      if (wanted.refusal !== undefined) throw refused(wanted.refusal);
      const other = book.openOf(wanted.emitter, ruleText(wanted.rule));
      if (other !== undefined && other.id !== id) throw refused(`mitigation ${other.id} has that rule`);
      const before = meant === chosen ? approvals : [];
      const name = person(who);
      if (before.some((each) => personOf(each.who) === personOf(name))) {
        throw refused(`${name} has said yes already; somebody else has to`);
      }
      const reason = why === undefined ? {} : { why };
      const bodies: AuditBody[] = [{ kind: 'approval', mitigation: id, chosen: meant, ...reason }];
      const isEnough = hasEnough([...before, { who: name, atMs: clock.now() }], rails);
      if (isEnough) bodies.push({ kind: 'turn', mitigation: id, state: 'approved', ...reason });
      await commit(name, bodies);
      if (isEnough) poke(book.get(id));
      return known(id);
    },
    async reject(id, who, why) {
      const mitigation = inState(id, ['proposed'], 'rejected');
      await commit(person(who), [ending(mitigation, why)]);
      return known(id);
    },
    async extend(id, who, seconds, why) {
      inState(id, ['applying', 'applied', 'confirmed'], 'extended');
      if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > rails.maxLifetimeSeconds) {
        throw new ResponseError(
          'RESPONSE_REFUSED',
          `${seconds} is not a number of seconds from 1 to ${rails.maxLifetimeSeconds} (maxLifetimeSeconds)`,
        );
      }
      const untilMs = clock.now() + seconds * 1_000;
      const reason = why === undefined ? {} : { why };
      await commit(person(who), [{ kind: 'extended', mitigation: id, untilMs, ...reason }]);
      poke(book.get(id));
      return known(id);
    },
    async withdraw(id, who, why) {
      const mitigation = inState(id, ['approved', 'applying', 'applied', 'confirmed'], 'withdrawn');
      await endWith(person(who), [ending(mitigation, why)]);
      return known(id);
    },
    async stopAll(who, why) {
      running();
      const name = person(who);
      const inForce = [...book.open()].filter(mayBeInForce);
      const bodies = endings(name, why, true);
      const reason = why === undefined ? {} : { why };
      await endWith(name, [{ kind: 'mode', mode: 'off', ...reason }, ...bodies]);
      for (const desk of desks.values()) desk.readBack();
      return inForce.flatMap(({ id }) => book.get(id) ?? []);
    },
    async setMode(wanted, who, why) {
      running();
      const name = person(who);
      if (!responseModes.includes(wanted)) {
        throw new ResponseError(
          'RESPONSE_REFUSED',
          `${String(wanted)} is no mode: ${responseModes.join(', ')}`,
        );
      }
      if (lowerMode(wanted, rails.mode) !== wanted) {
        throw new ResponseError(
          'RESPONSE_REFUSED',
          `the configuration lets the mode be ${rails.mode} at most; change it there first`,
        );
      }
      await commit(name, [{ kind: 'mode', mode: wanted, ...(why === undefined ? {} : { why }) }]);
      if (!mayApply()) await endWith(name, endings(name, `the mode is ${wanted}`, false));
    },
    get mode() {
      return mode();
    },
    settled,
    mitigation: (id) => book.get(id),
    mitigations({ states }: MitigationQuery = {}) {
      const wanted: Mitigation[] = [...book.all()];
      return wanted.filter(({ state }) => states === undefined || states.includes(state)).reverse();
    },
  };

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }
}

const badConfig = (message: string) => new ResponseError('RESPONSE_BAD_CONFIG', message);
