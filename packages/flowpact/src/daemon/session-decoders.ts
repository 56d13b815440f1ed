import {
  createDecoderBudget,
  createFlowDecoder,
  type DecoderStats,
  type ExporterAddress,
  type FlowDecoder,
  type RecordReader,
} from '@flowpact/ipfix';
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
}

const counted = [
  'messages',
  'records',
  'lostRecords',
  'malformedMessages',
  'unknownTemplateSets',
] as const satisfies readonly (keyof DecodingTotals)[];

export function createSessionDecoders({ reader, onIssue, now }: SessionDecodersDeps): SessionDecoders {
  const budget = createDecoderBudget();
  const decoders = new Map<number, { readonly place: string; readonly decoder: FlowDecoder }>();
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
    decoders.set(session, { place, decoder });
  }

  function end({ session, issue }: Extract<FlowMessage, { kind: 'sessionEnd' }>): void {
    const known = decoders.get(session);
    if (known === undefined) return;
    decoders.delete(session);
    const { place, decoder } = known;
    if (issue !== undefined) onIssue(place, issue.code, issue.message);
    decoder.close();
    for (const name of counted) ended[name] += decoder.stats[name];
  }

  return {
    take(message) {
      switch (message.kind) {
        case 'session':
          open(message.session, message.source);
          return;
        case 'batch':
          readMessageBatch(message.octets, (session, octets) =>
            decoders.get(session)?.decoder.decode(octets),
          );
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
    totals() {
      const sum = { ...ended };
      for (const { decoder } of decoders.values()) {
        for (const name of counted) sum[name] += decoder.stats[name];
      }
      return sum;
    },
  };
}
