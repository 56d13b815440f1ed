import type { Ask, Endpoint, Message, MessageKind, Party, SecurityEvent } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { Answer } from './exchange-config.ts';
import type { Place } from './exchange-interface.ts';

/** Gives messages their number, time and sender. */
export interface MessageWriter {
  alert(event: SecurityEvent, place?: Place): Message;
  request(event: SecurityEvent, asks: readonly Ask[], place?: Place): Message;
  feedback(inReplyTo: Message, answer: Answer): Message;
  /** A feedback to a message of our own. */
  withdrawal(own: Message, reason: string | undefined): Message;
}

export function createMessageWriter(
  config: { readonly self: Party; readonly maxEndpointsEchoed: number },
  deps: { readonly clock: Clock; readonly nextMessageId: () => string },
): MessageWriter {
  function write(kind: MessageKind, event: SecurityEvent, conversation: Message['conversation']): Message {
    const message: Message = {
      kind,
      id: deps.nextMessageId(),
      sender: config.self,
      createdMs: deps.clock.now(),
      event,
    };
    return conversation === undefined ? message : { ...message, conversation };
  }

  function feedback(
    { sender, id, event }: Message,
    conversation: Message['conversation'],
    { flows, tlp }: Pick<Answer, 'flows' | 'tlp'> = {},
  ): Message {
    const inReplyTo = { sender: sender.name, id };
    const echoed = echo(event, config.maxEndpointsEchoed);
    const about = {
      ...echoed,
      ...(flows === undefined ? {} : { flows }),
      ...(tlp === undefined ? {} : { tlp }),
    };
    return write('feedback', about, { inReplyTo, ...conversation });
  }

  return {
    alert: (event, place) => write('alert', event, place),
    request: (event, asks, place) => write('request', event, { ...place, asks }),
    feedback: (inReplyTo, { flows, tlp, ...outcome }) => feedback(inReplyTo, { outcome }, { flows, tlp }),
    withdrawal: (own, reason) =>
      feedback(own, {
        supersedes: { sender: own.sender.name, id: own.id },
        outcome: { status: 'withdrawn', ...(reason === undefined ? {} : { reason }) },
      }),
  };
}

/** As much of an event as an answer repeats for its readers; its evidence they have. */
function echo(event: SecurityEvent, maxEndpoints: number): SecurityEvent {
  const { type, startMs, endMs, tlp, sources, targets } = event;
  return {
    type,
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(sources === undefined ? {} : { sources: echoEndpoints(sources, maxEndpoints) }),
    ...(targets === undefined ? {} : { targets: echoEndpoints(targets, maxEndpoints) }),
    ...(tlp === undefined ? {} : { tlp }),
  };
}

function echoEndpoints(endpoints: readonly Endpoint[], max: number): readonly Endpoint[] {
  return endpoints.slice(0, max);
}
