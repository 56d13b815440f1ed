import type { Action, Ask, Endpoint, Message, SecurityEvent } from '@flowpact/event';
import { prefixOfEndpoint } from '@flowpact/event';
import { RateWindow } from '../aggregation/rate-window.ts';
import { findFlows } from '../archive/find-flows.ts';
import { flowRequest } from '../archive/flow-request.ts';
import type { Answer, Decide } from '../conversation/exchange-config.ts';
import { createEventDisclosure, type EventDisclosure } from '../disclosure/disclosure.ts';
import { createAddressSpace } from '../partner/address-space.ts';
import { type KnownPartner, knownPartner } from '../partner/known-partner.ts';
import { endpointName } from '../summary/endpoint-text.ts';
import { askObjection } from './ask-objection.ts';
import type { Assessment, PolicyConfig, PolicyDeps, PolicyEvent } from './policy-config.ts';

interface Judged {
  readonly known: KnownPartner;
  readonly disclosure: EventDisclosure;
  readonly flowRequests: RateWindow;
}

const hourMs = 3_600_000;

/**
 * What `Decide` answers on its own: what a partner may not say or ask is `rejected` with the reason, flows that it may
 * have are found, disclosed and sent with the feedback. Everything else goes on to `deps.decide`.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG`.
 */
export function createPolicyDecide(config: PolicyConfig, deps: PolicyDeps): Decide {
  const ownName = config.self.party.name;
  const ownSpace = createAddressSpace(config.self.addressSpace ?? [], 'our own network');
  const partners = new Map(
    config.partners.map((partner): [string, Judged] => {
      const known = knownPartner(partner);
      const { maxFlowRequests: messages } = known.policy.asks;
      return [
        known.name,
        {
          known,
          disclosure: createEventDisclosure(known, ownSpace),
          flowRequests: new RateWindow({ messages, periodMs: hourMs }),
        },
      ];
    }),
  );

  function emit(kind: PolicyEvent['kind'], { sender, id }: Message, reason: string): void {
    try {
      const reference = { sender: sender.name, id };
      deps.onEvent?.({ kind, atMs: deps.clock.now(), partner: sender.name, reference, reason });
    } catch {
      // An observer that fails must not change an answer.
    }
  }

  function reject(message: Message, reason: string): Answer {
    emit('refused', message, reason);
    return { status: 'rejected', reason };
  }

  /** The addresses of an event, where none of them is the partner's or ours. */
  function foreignEndpoints(
    { sources = [], targets = [] }: SecurityEvent,
    { space }: KnownPartner,
  ): Endpoint[] {
    const withAddress = [...sources, ...targets].flatMap((endpoint) => {
      const prefix = prefixOfEndpoint(endpoint);
      return prefix === undefined ? [] : [{ endpoint, prefix }];
    });
    const isOfConcern = withAddress.some(({ prefix }) => space.meets(prefix) || ownSpace.meets(prefix));
    return isOfConcern ? [] : withAddress.map(({ endpoint }) => endpoint);
  }

  async function answerAlert(message: Message, { known }: Judged): Promise<Answer | undefined> {
    if (known.policy.trustLevel === 'none') return { status: 'received' };
    const foreign = foreignEndpoints(message.event, known);
    if (foreign.length > 0) {
      const reason = `${listed(foreign)}: neither in the address space of ${known.name} nor in ours`;
      if (known.policy.foreignSpace === 'refuse') return reject(message, reason);
      emit('marked', message, reason);
    }
    return decideOn(message, known, { foreign });
  }

  function decideOn(
    message: Message,
    { partner }: KnownPartner,
    assessment: Assessment,
  ): Promise<Answer | undefined> | Answer | undefined {
    return deps.decide === undefined ? { status: 'received' } : deps.decide(message, partner, assessment);
  }

  async function answerFlows(
    asks: readonly Ask[],
    message: Message,
    { known, disclosure, flowRequests }: Judged,
  ): Promise<Answer> {
    const { inReplyTo } = message.conversation ?? {};
    const told = inReplyTo?.sender === ownName ? deps.toldEvent?.(inReplyTo, known.name) : undefined;
    const request = flowRequest(asks, message, known, told, deps.clock.now());
    if (typeof request === 'string') return { status: 'rejected', reason: request };
    if (!flowRequests.take(deps.clock.now())) {
      return {
        status: 'rejected',
        reason: `more than ${known.policy.asks.maxFlowRequests} requests for flows in an hour`,
      };
    }
    if (deps.archive === undefined) return { status: 'failed', reason: 'no flows are kept here' };
    try {
      const found = await findFlows(request, deps.archive, known.policy.disclosure.maxFlows);
      // Whom the partner calls an attacker is no reason to show it that address: the event is ours, or has none.
      const flows = found.flows && disclosure.flows(found.flows, told ?? { type: message.event.type });
      const rows = flows?.groups.reduce((sum, group) => sum + group.rows.length, 0) ?? 0;
      const what = rows === 0 ? 'no such flows are kept' : `${rows} flows`;
      return {
        status: found.isPartial ? 'partial' : 'applied',
        reason: found.isPartial ? `${what}, not all that there were` : what,
        ...(flows === undefined ? {} : { flows, tlp: told?.tlp ?? 'amber' }),
      };
    } catch (cause) {
      // What went wrong is for our own log.
      emit('failed', message, `the flows could not be read: ${String(cause)}`);
      return { status: 'failed', reason: 'the flows could not be read' };
    }
  }

  async function answerRequest(message: Message, judged: Judged): Promise<Answer | undefined> {
    const { known } = judged;
    const asks = message.conversation?.asks ?? [];
    if (asks.length === 0) return reject(message, 'the request asks for nothing');
    const permitted: Ask[] = [];
    const objections: string[] = [];
    for (const ask of asks) {
      if (!isOther(ask)) continue;
      const objection = askObjection(ask, message.event, known);
      if (objection === undefined) permitted.push(ask);
      else objections.push(objection);
    }
    const flowAsks = asks.filter((ask) => !isOther(ask));
    const flowAnswer = flowAsks.length === 0 ? undefined : await answerFlows(flowAsks, message, judged);
    if (flowAnswer?.status === 'rejected') objections.push(flowAnswer.reason!);
    const reason = objections.join('; ');
    const hasFlowAnswer = flowAnswer !== undefined && flowAnswer.status !== 'rejected';
    if (permitted.length === 0 && !hasFlowAnswer) return reject(message, reason);
    if (objections.length > 0) emit('refused', message, reason);
    const rest = { ...message, conversation: { ...message.conversation, asks: permitted } };
    const decided = permitted.length === 0 ? undefined : await decideOn(rest, known, { foreign: [] });
    if (permitted.length > 0 && decided === undefined && !hasFlowAnswer && objections.length === 0) {
      return undefined;
    }
    return joined(
      permitted.length === 0 ? undefined : (decided ?? { status: 'received' }),
      hasFlowAnswer ? flowAnswer : undefined,
      objections,
      permitted,
    );
  }

  return async (message, partner) => {
    const judged = partners.get(partner.party.name);
    if (judged === undefined) return reject(message, `there is no policy for ${partner.party.name}`);
    switch (message.kind) {
      case 'feedback':
        return undefined;
      case 'alert':
        return answerAlert(message, judged);
      case 'request':
        return answerRequest(message, judged);
      default:
        return message.kind satisfies never;
    }
  };
}

/** One answer to several asks. */
function joined(
  decided: Answer | undefined,
  flowAnswer: Answer | undefined,
  objections: readonly string[],
  permitted: readonly Ask[],
): Answer {
  const main = decided ?? flowAnswer!;
  const isDone = main.status === 'applied' || main.status === 'accepted';
  const isPartial = isDone && (objections.length > 0 || (flowAnswer ?? main).status === 'partial');
  const reasons = [
    decided?.reason,
    flowAnswer?.reason,
    ...objections.map((objection) => `refused: ${objection}`),
  ].filter((reason) => reason !== undefined);
  return {
    ...main,
    ...(isPartial ? { status: 'partial' } : {}),
    ...(isPartial && decided?.status === 'applied' ? { applied: decided.applied ?? permitted } : {}),
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
    ...(flowAnswer?.flows === undefined ? {} : { flows: flowAnswer.flows, tlp: flowAnswer.tlp }),
  };
}

function isOther(ask: Ask): ask is Ask & { readonly action: Exclude<Action, 'moreFlows'> } {
  return ask.action !== 'moreFlows';
}

const maxListed = 3;

function listed(endpoints: readonly Endpoint[]): string {
  const more = endpoints.length - maxListed;
  const names = endpoints.slice(0, maxListed).map(endpointName).join(', ');
  return more > 0 ? `${names} and ${more} more` : names;
}
