import type { Ask, Message, MessageRef, Outcome, SecurityEvent } from '@flowpact/event';
import type { AuditBody, KeptMitigation } from '../audit/audit-entry.ts';
import type { Clock } from '../clock.ts';
import type { RailsConfig, ResponseMode } from '../rails/rails-config.ts';
import { ResponseError } from '../response-error.ts';
import { ruleText } from '../rule/rule-text.ts';
import { hasEnough } from './approvals.ts';
import { eventKey, keptEvent } from './kept-event.ts';
import { type Candidate, isOfAlert, type MitigationState, type Origin } from './mitigation.ts';
import { isEnded, type MitigationBook } from './mitigation-book.ts';
import { jointOutcome } from './mitigation-outcome.ts';
import type { MitigatorLimits } from './mitigator-config.ts';
import type { RequestingPartner } from './mitigator-interface.ts';
import type { Plan, PlanMitigations } from './plan.ts';
import { createRequestDesk } from './request-desk.ts';
import { requestRefusal } from './request-refusal.ts';
import type { Silence } from './silence.ts';
import type { WrittenBook } from './written-book.ts';

export interface AdmissionDeps {
  readonly book: MitigationBook;
  readonly written: WrittenBook;
  readonly plan: PlanMitigations;
  readonly silence: Silence;
  readonly clock: Clock;
  readonly mode: () => ResponseMode;
  /** Whether there is an emitter of this name. */
  readonly isEmitter: (name: string) => boolean;
  /** One may go to its emitter. */
  readonly onApproved: (mitigation: KeptMitigation) => void;
  /** One is to be taken back. */
  readonly onEnding: (mitigation: KeptMitigation | undefined) => void;
  readonly track: (work: Promise<unknown>) => void;
  readonly onRemark: (text: string) => void;
}

/** How mitigations begin: from an event of ours, or a partner's request or alert; and how a partner takes that back. */
export interface Admission {
  propose(event: SecurityEvent): Promise<readonly KeptMitigation[]>;
  request(message: Message, asks: readonly Ask[], partner: RequestingPartner): Promise<Outcome>;
  alert(message: Message, partner: RequestingPartner, ownSpace: readonly string[]): Promise<Outcome>;
  /** @returns the mitigations that end. */
  retract(reference: MessageRef): Promise<readonly string[]>;
  /** Refused requests that are to be written down now. */
  refusals(): readonly AuditBody[];
}

const own = 'flowpact';

export function createAdmission(rails: RailsConfig, limits: MitigatorLimits, deps: AdmissionDeps): Admission {
  const { book, written, silence, clock, mode } = deps;
  const requests = createRequestDesk(limits, clock);
  const alerts = createRequestDesk(limits, clock);
  /** What is being planned, so that the same is not planned twice at a time. */
  const planning = new Map<string, Promise<readonly KeptMitigation[]>>();

  /** Plans become mitigations, or are joined to those that there are. */
  async function admit(
    plans: readonly Plan[],
    event: SecurityEvent,
    origin: Origin,
    actUntilMs?: number,
  ): Promise<readonly KeptMitigation[]> {
    const ofEvent = book.ofEvent(eventKey(keptEvent(event)));
    const ids = new Set<string>();
    const begun = new Set<string>();
    const bodies: AuditBody[] = [];
    for (const plan of plans) {
      const candidate = plan.candidates[plan.chosen];
      if (candidate === undefined || !deps.isEmitter(candidate.emitter)) continue;
      const text = ruleText(candidate.rule);
      const same = book.openOf(candidate.emitter, text);
      const key = `${candidate.emitter}\n${text}`;
      if (same !== undefined) {
        silence.seen(same.id);
        ids.add(same.id);
      } else if (!begun.has(key)) {
        const id = String(book.nextId + begun.size);
        begun.add(key);
        ids.add(id);
        // A person said yes to what we had seen ourselves.
        const earlier = origin.kind === 'event' ? silence.earlier(ofEvent, candidate) : undefined;
        bodies.push(...beginning({ id, plan, candidate, event, origin, actUntilMs, earlier }));
      }
    }
    await written.commit(own, [...makeRoom(begun.size), ...bodies]);
    const mitigations = [...ids].flatMap((id) => book.get(id) ?? []);
    for (const mitigation of mitigations) if (mitigation.state === 'approved') deps.onApproved(mitigation);
    return mitigations;
  }

  interface Beginning {
    readonly id: string;
    readonly plan: Plan;
    readonly candidate: Candidate;
    readonly event: SecurityEvent;
    readonly origin: Origin;
    readonly actUntilMs: number | undefined;
    /** The same one, taken back because the event was not seen any more. */
    readonly earlier: KeptMitigation | undefined;
  }

  function beginning({ id, plan, candidate, event, origin, actUntilMs, earlier }: Beginning): AuditBody[] {
    const atMs = clock.now();
    const lifetimeSeconds = Math.min(plan.lifetimeSeconds, rails.maxLifetimeSeconds);
    const isApprovedStill = earlier !== undefined && hasEnough(earlier.approvals, rails);
    const level = isOfAlert(origin) && plan.level === 'auto' ? 'approve' : plan.level;
    const mitigation: KeptMitigation = {
      ...{ id, origin, event: keptEvent(event), level, state: 'proposed' },
      ...{ candidates: plan.candidates, chosen: plan.chosen },
      // Who said yes said it for so long.
      lifetimeSeconds: isApprovedStill
        ? Math.min(lifetimeSeconds, Math.floor(((earlier.untilMs ?? 0) - atMs) / 1_000))
        : lifetimeSeconds,
      approvals: isApprovedStill ? earlier.approvals : [],
      turns: [{ atMs, state: 'proposed', who: origin.kind === 'request' ? origin.partner : own }],
      ...(actUntilMs === undefined ? {} : { actUntilMs }),
      ...(earlier === undefined ? {} : { returns: (earlier.returns ?? 0) + 1 }),
    };
    const proposed: AuditBody = { kind: 'proposed', mitigation };
    const turn = (state: MitigationState, why: string): AuditBody[] => [
      proposed,
      { kind: 'turn', mitigation: id, state, why },
    ];
    if (candidate.refusal !== undefined) return turn('rejected', candidate.refusal);
    const isApplying = mode() === 'approve' || mode() === 'auto';
    if (isApprovedStill && isApplying) {
      return turn('approved', `as mitigation ${earlier.id}: what it was against is back`);
    }
    if (mode() === 'auto' && level === 'auto') return turn('approved', 'the playbook lets it go by itself');
    return [proposed];
  }

  /** @throws ResponseError `RESPONSE_FULL` where everything that is open is more than a proposal. */
  function makeRoom(places: number): AuditBody[] {
    let over = book.openCount + places - limits.maxOpen;
    const turns: AuditBody[] = [];
    for (const { id, state } of over > 0 ? book.open() : []) {
      if (over <= 0) break;
      if (state !== 'proposed') continue;
      turns.push({ kind: 'turn', mitigation: id, state: 'expired', why: 'it made room for newer ones' });
      over--;
    }
    if (over <= 0) return turns;
    throw new ResponseError('RESPONSE_FULL', `${book.openCount} mitigations are open (maxOpen)`);
  }

  /** Rejected or failed a short while ago. */
  function rests({ state, turns }: KeptMitigation): boolean {
    const agoMs = clock.now() - (turns.at(-1)?.atMs ?? 0);
    return (
      (state === 'rejected' && agoMs < limits.rejectedForMs) ||
      (state === 'failed' && agoMs < limits.failedForMs)
    );
  }

  /** The same once at a time, and not too many at a time. */
  function planOnce(
    key: string,
    work: () => Promise<readonly KeptMitigation[]>,
  ): Promise<readonly KeptMitigation[]> {
    const same = planning.get(key);
    if (same !== undefined) return same;
    if (planning.size >= limits.maxPlanned) {
      throw new ResponseError(
        'RESPONSE_FULL',
        `${planning.size} events and requests are being tried (maxPlanned)`,
      );
    }
    const planned = work().finally(() => planning.delete(key));
    planning.set(key, planned);
    deps.track(planned);
    return planned;
  }

  function refuse(partner: string, why: string): Outcome {
    const refusals = requests.refused(partner, why);
    if (refusals !== undefined) {
      written.commit(partner, [refusals]).catch((error: Error) => deps.onRemark(error.message));
    }
    return { status: 'rejected', reason: why };
  }

  /** Why a request is not tried on anything; undefined: it is. */
  function objection(message: Message, asks: readonly Ask[], name: string): string | undefined {
    if (!requests.take(name)) return `more than ${limits.maxRequestsPerMinute} requests in a minute`;
    if (mode() === 'off') return 'nothing is done here for now (mode off)';
    const refusal = requestRefusal(message, asks, rails, clock.now());
    if (refusal !== undefined) return refusal;
    return waitingObjection(name, false);
  }

  function waitingObjection(name: string, isAlert: boolean): string | undefined {
    const waiting = [...book.open()].filter(
      ({ state, origin }) =>
        state === 'proposed' &&
        origin.kind === 'request' &&
        origin.partner === name &&
        isOfAlert(origin) === isAlert,
    ).length;
    if (waiting < limits.maxProposedPerPartner) return undefined;
    return `${waiting} ${isAlert ? 'proposals against alerts' : 'requests'} of ${name} wait for a person already`;
  }

  /** What a message came to is no longer wanted by its partner, but for some of it. @returns what ends. */
  async function retract(reference: MessageRef, kept: ReadonlySet<string>): Promise<readonly string[]> {
    // What is still being planned is not in the book yet.
    await planning.get(referenceKey(reference))?.catch(() => undefined);
    const ended = book
      .ofReference(reference)
      .filter((each) => !isEnded(each) && each.state !== 'withdrawing' && !kept.has(each.id));
    const bodies = ended.map(({ id, state }): AuditBody => {
      const turn = { kind: 'turn', mitigation: id, why: `${reference.sender} has taken it back` } as const;
      return state === 'proposed' || state === 'approved'
        ? { ...turn, state: 'withdrawn' }
        : { ...turn, state: 'withdrawing', endsAs: 'withdrawn' };
    });
    if (bodies.length > 0) await written.commitIfPossible(reference.sender, bodies);
    for (const { id } of ended) deps.onEnding(book.get(id));
    return ended.map(({ id }) => id);
  }

  /** It is written down with its outcome that the partner has been told that. */
  async function told(origin: Origin, mitigations: readonly KeptMitigation[]): Promise<Outcome> {
    const outcome = jointOutcome(mitigations);
    const asked = mitigations.filter((each) => each.origin === origin);
    await written.commit(
      own,
      // What the outcome says, though it may have gone on since.
      asked.map(({ id, state }) => ({ kind: 'told', mitigation: id, state })),
    );
    return outcome;
  }

  return {
    async propose(event) {
      if (mode() === 'off') return [];
      const key = eventKey(keptEvent(event));
      // What a partner tells of stands for nothing that we see ourselves.
      const same = book.ofEvent(key).filter(({ origin }) => !isOfAlert(origin));
      const open = same.filter((each) => !isEnded(each) && each.state !== 'withdrawing');
      for (const { id } of open) silence.seen(id);
      if (open.length > 0) return open;
      if (same.some((each) => each.state === 'withdrawing' || rests(each))) return [];
      return planOnce(key, async () => {
        const plans = await deps.plan({ event, origin: { kind: 'event' } });
        return mode() === 'off' ? [] : admit(plans, event, { kind: 'event' });
      });
    },
    async request(message, asks, { name, addressSpace, trustLevel }) {
      const reference = { sender: message.sender.name, id: message.id };
      const before = book.ofReference(reference);
      if (before.length > 0) return jointOutcome(before);
      const why = objection(message, asks, name);
      if (why !== undefined) return refuse(name, why);
      const origin: Origin = { kind: 'request', partner: name, reference, addressSpace };
      try {
        const mitigations = await planOnce(referenceKey(reference), async () => {
          const plans = await deps.plan({ event: message.event, origin, asks, trustLevel });
          return admit(plans, message.event, origin, message.conversation?.expiresMs);
        });
        const { supersedes } = message.conversation ?? {};
        if (supersedes?.sender === reference.sender) {
          await retract(supersedes, new Set(mitigations.map(({ id }) => id)));
        }
        if (mitigations.length === 0) return refuse(name, 'nothing here can do that, or may');
        return await told(origin, mitigations);
      } catch (error) {
        if (error instanceof ResponseError) return refuse(name, error.message);
        throw error;
      }
    },
    async alert(message, { name, addressSpace, trustLevel }, ownSpace) {
      const reference = { sender: message.sender.name, id: message.id };
      const before = book.ofReference(reference);
      if (before.length > 0) return jointOutcome(before);
      if (mode() === 'off') return { status: 'received' };
      const isKnown = book
        .ofEvent(eventKey(keptEvent(message.event)))
        .some(
          (each) =>
            isOfAlert(each.origin) &&
            each.origin.kind === 'request' &&
            each.origin.partner === name &&
            (!isEnded(each) || rests(each)),
        );
      // Alerts about what goes on come again and again.
      if (isKnown || !alerts.take(name)) return { status: 'received' };
      if (waitingObjection(name, true) !== undefined) return { status: 'received' };
      const origin: Origin = { kind: 'request', partner: name, reference, addressSpace, ownSpace };
      try {
        const mitigations = await planOnce(referenceKey(reference), async () => {
          const plans = await deps.plan({ event: message.event, origin, asks: [], trustLevel });
          return mode() === 'off' ? [] : admit(plans, message.event, origin, message.conversation?.expiresMs);
        });
        if (mitigations.length === 0) return { status: 'received' };
        const outcome = await told(origin, mitigations);
        // It was told something and asked for nothing: there is nothing to reject.
        return outcome.status === 'rejected' ? { ...outcome, status: 'received' } : outcome;
      } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        deps.onRemark(`nothing is proposed against an alert of ${name}: ${error.message}`);
        return { status: 'received' };
      }
    },
    retract: (reference) => retract(reference, new Set()),
    refusals: () => requests.due(),
  };
}

const referenceKey = ({ sender, id }: MessageRef) => `${sender}\n${id}`;
