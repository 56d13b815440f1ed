import {
  createDecoderBudget,
  createFlowDecoder,
  type DecoderStats,
  type ExporterAddress,
  type FlowDecoder,
  type RecordReader,
} from '@flowpact/ipfix';
import type { Exporter } from '../http/api/schema/exporter-schema.ts';
import { exporterView } from '../watch/exporter-view.ts';
import type { FlowMessage } from './flow-messages.ts';
import { readMessageBatch } from './message-batch.ts';

/** Sums over all sessions, also those that have ended. */
export type DecodingTotals = Pick<
  DecoderStats,
  'messages' | 'records' | 'lostRecords' | 'malformedMessages' | 'unknownTemplateSets'
>;

export interface SessionDecodersDeps {
  reader(source: ExporterAddress): RecordReader;
  /** What is wrong with what came, or with how a session ended. */
  onIssue(place: string, code: string, message: string): void;
  now(): number;
}

/** Decodes what the collector thread passes on: a decoder for each session, and one budget for all of them. */
export interface SessionDecoders {
  take(message: FlowMessage): void;
  readonly sessions: number;
  totals(): DecodingTotals;
  /** The sessions that are open, and the latest that have ended, the latest first. */
  exporters(): readonly ExporterSession[];
}

/** A session as the API tells it, but for what the collector knows. */
export type ExporterSession = Omit<Exporter, 'droppedDatagrams'> & {
  /** Of the exporter alone. */
  readonly address: string;
};

interface Session {
  readonly place: string;
  readonly address: string;
  readonly decoder: FlowDecoder;
  readonly sinceMs: number;
  lastMessageMs: number | undefined;
}

/** Sessions told of that have ended. */
const maxEnded = 64;
/** Sessions told of at all. */
const maxListed = 1000;

const counted = [
  'messages',
  'records',
  'lostRecords',
  'malformedMessages',
  'unknownTemplateSets',
] as const satisfies readonly (keyof DecodingTotals)[];

export function createSessionDecoders({ reader, onIssue, now }: SessionDecodersDeps): SessionDecoders {
  const budget = createDecoderBudget();
  const decoders = new Map<number, Session>();
  let endedSessions: ExporterSession[] = [];
  const ended = { messages: 0, records: 0, lostRecords: 0, malformedMessages: 0, unknownTemplateSets: 0 };

  function open(session: number, source: ExporterAddress): void {
    const { transport, address, port } = source;
    const place = `${transport}://${address.includes(':') ? `[${address}]` : address}:${port}`;
    const decoder = createFlowDecoder(
      {},
      {
        reader: reader(source),
        onIssue: ({ code, message }) => onIssue(place, code, message),
        clock: { now },
        budget,
      },
    );
    decoders.set(session, { place, address, decoder, sinceMs: now(), lastMessageMs: undefined });
  }

  function end({ session, issue }: Extract<FlowMessage, { kind: 'sessionEnd' }>): void {
    const known = decoders.get(session);
    if (known === undefined) return;
    decoders.delete(session);
    const { place, decoder } = known;
    if (issue !== undefined) onIssue(place, issue.code, issue.message);
    decoder.close();
    for (const name of counted) ended[name] += decoder.stats[name];
    endedSessions = [sessionView(known, false), ...endedSessions].slice(0, maxEnded);
  }

  return {
    take(message) {
      switch (message.kind) {
        case 'session':
          open(message.session, message.source);
          return;
        case 'batch':
          readMessageBatch(message.octets, (number, octets) => {
            const session = decoders.get(number);
            if (session === undefined) return;
            session.lastMessageMs = message.atMs;
            session.decoder.decode(octets);
          });
          return;
        case 'sessionEnd':
          end(message);
          return;
        default:
          message satisfies never;
      }
    },
    get sessions() {
      return decoders.size;
    },
    exporters() {
      const open = [...decoders.values()].slice(-maxListed).reverse();
      return [...open.map((session) => sessionView(session, true)), ...endedSessions];
    },
    totals() {
      const sum = { ...ended };
      for (const { decoder } of decoders.values()) {
        for (const name of counted) sum[name] += decoder.stats[name];
      }
      return sum;
    },
  };
}

function sessionView(
  { place, address, decoder, sinceMs, lastMessageMs }: Session,
  isConnected: boolean,
): ExporterSession {
  const { droppedDatagrams: _, ...view } = exporterView(
    {
      ...{ exporter: place, isConnected, sinceMs, droppedDatagrams: 0 },
      ...(lastMessageMs === undefined ? {} : { lastMessageMs }),
    },
    decoder.stats,
  );
  return { ...view, address };
}
