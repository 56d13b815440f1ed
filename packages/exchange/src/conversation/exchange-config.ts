import type { FlowTable, Message, Outcome, Party, Tlp } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { MessageCodec } from '../codec/message-codec.ts';
import type { ExchangeJournal } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import type { SummaryLimits } from '../summary/message-summary.ts';
import type { TransportFactory } from '../transport/transport.ts';
import type { Trust } from '../trust/trust.ts';
import type { ExchangeEvent } from './exchange-event.ts';

export interface ExchangeConfig {
  /** Who we are; `self.name` is the sender of every message that leaves. */
  readonly self: Party;
  readonly partners: readonly Partner[];
  readonly limits?: Partial<ExchangeLimits>;
}

export interface ExchangeLimits extends SummaryLimits {
  /** Bytes of one encoded message, in either direction. Default 16 MiB. */
  readonly maxMessageBytes: number;
  /** Conversations kept in memory; the one that was quiet for longest leaves first. Default 1,000. */
  readonly maxConversations: number;
  /** Turns kept of a conversation; the oldest leave first, its first turn excepted. Default 50. */
  readonly maxTurns: number;
  /** Messages of one partner that are being answered at the same time; more are asked to come again. Default 64. */
  readonly maxHandledAtOnce: number;
  /** Sources and targets, each, that an answer repeats from the event that it answers. Default 16. */
  readonly maxEndpointsEchoed: number;
  /** Unproven messages kept in memory to be shown; the oldest leave first. Default 100. */
  readonly maxRecorded: number;
  /** The pause after a first attempt to send that failed for now; doubled each time, milliseconds. Default 5,000. */
  readonly retryMs: number;
  /** The longest such pause, milliseconds. Default 600,000. */
  readonly maxRetryMs: number;
  /**
   * A route of a partner that has failed for so long is passed over for the next one, until it works again, milliseconds.
   * Default 600,000.
   */
  readonly nextRouteAfterMs: number;
  /**
   * A message that fails for now and was accepted longer ago becomes a dead letter, milliseconds. Default 5 days, as
   * long as mail relays keep trying (RFC 5321, section 4.5.4.1).
   */
  readonly maxSendAgeMs: number;
  /** An alert or a request of ours without a feedback after this is overdue, milliseconds. Default 24 hours. */
  readonly answerWithinMs: number;
  /** Pairs of statement and partner that false positives are counted of; those quiet for longest leave. Default 1,000. */
  readonly maxFalsePositives: number;
  /** How long `stop` waits for sends and answers in flight, milliseconds. Default 10,000. */
  readonly stopTimeoutMs: number;
}

export const defaultExchangeLimits: ExchangeLimits = {
  maxMessageBytes: 16 * 1024 * 1024,
  maxConversations: 1_000,
  maxTurns: 50,
  maxHandledAtOnce: 64,
  maxEndpointsEchoed: 16,
  maxRecorded: 100,
  retryMs: 5_000,
  maxRetryMs: 600_000,
  nextRouteAfterMs: 600_000,
  answerWithinMs: 24 * 3_600_000,
  maxFalsePositives: 1_000,
  maxSendAgeMs: 5 * 24 * 3_600_000,
  stopTimeoutMs: 10_000,
  maxEndpointsListed: 20,
  maxTextLength: 2_000,
};

/** What is answered, and the flows that were asked for. */
export interface Answer extends Outcome {
  readonly flows?: FlowTable;
  /** Who may know of them. Left out: the label of what is answered. */
  readonly tlp?: Tlp;
}

/**
 * What to answer to an alert or a request; undefined: nothing for now, a person will. It may be called again for the
 * same message after a crash, until its answer is in the journal. Where it throws, the answer is `received`.
 * Not asked of what has expired, or was superseded before it came, or nothing proves to be its partner's.
 */
export type Decide = (message: Message, partner: Partner) => Promise<Answer | undefined> | Answer | undefined;

export interface ExchangeDeps {
  /** One for each kind of route; the exchange starts and stops them. */
  readonly transports: readonly TransportFactory[];
  /** What partners read and write. */
  readonly codecs: readonly MessageCodec[];
  /**
   * Further languages that a message can be written in where its caller asks for one (`WriteOptions.language`); nothing
   * that comes in them is taken. Left out: none.
   */
  readonly outgoingCodecs?: readonly MessageCodec[];
  readonly journal: ExchangeJournal;
  readonly clock: Clock;
  /**
   * Signs what leaves and tells who signed what comes. Left out: nothing is signed, and a partner is believed by its
   * address alone, which anybody can write. That is for networks that nobody else can reach.
   */
  readonly trust?: Trust;
  /**
   * Decimal integers, each used once, also across restarts. Left out: milliseconds since 1970, or one more than the
   * highest in the journal, whichever is higher.
   */
  readonly nextMessageId?: () => string;
  /** Left out: `{ status: 'received' }`. */
  readonly decide?: Decide;
  /**
   * What a partner's feedback comes to, where that has to survive a crash: it stays in the journal until this resolves, is
   * tried again after pauses where this rejects, and at the next start. It may be called again for the same feedback.
   */
  readonly onFeedback?: (feedback: Message, partner: Partner) => Promise<void>;
  /** Whatever it throws is ignored. */
  readonly onEvent?: (event: ExchangeEvent) => void;
}
