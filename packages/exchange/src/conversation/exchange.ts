import type { Ask, Message, MessageRef, Outcome, SecurityEvent } from '@flowpact/event';
import { createCodecSet } from '../codec/codec-set.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { DeadLetter, InboxEntry, OutboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import { createPartnerDirectory } from '../partner/partner-directory.ts';
import { summarizeMessage } from '../summary/message-summary.ts';
import type { IncomingDocument } from '../transport/transport.ts';
import { createAnswering } from './answering.ts';
import { ConversationBook } from './conversation-book.ts';
import type { ConversationState, RecordedMessage } from './conversation-state.ts';
import { defaultExchangeLimits, type ExchangeConfig, type ExchangeDeps } from './exchange-config.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import { admit } from './inbox.ts';
import { createMessageIds } from './message-ids.ts';
import { createMessageWriter } from './message-writer.ts';
import { createOutbox, type Outbox } from './outbox.ts';

/** Where a message stands. */
export interface Place {
  readonly inReplyTo?: MessageRef;
  readonly related?: readonly MessageRef[];
  readonly supersedes?: MessageRef;
  /** Milliseconds since 1970. */
  readonly expiresMs?: number;
}

/**
 * A network's end of its conversations. `alert`, `request` and `feedback` resolve when the message is in the journal:
 * from then on it will be sent, also after a crash; the attempt follows at once and is told by `onEvent`.
 *
 * They reject with an ExchangeError: `EXCHANGE_NOT_RUNNING`, `EXCHANGE_UNKNOWN_PARTNER`, `EXCHANGE_NO_ROUTE`,
 * `EXCHANGE_BAD_MESSAGE` (the language cannot say it, or it is too large), `EXCHANGE_FULL`, `EXCHANGE_ID_REUSED`,
 * `EXCHANGE_JOURNAL_FAILED`; the message was then not accepted and will not be sent.
 */
export interface Exchange {
  /**
   * Opens the journal and the transports, handles what came and sends what was promised before.
   * @throws ExchangeError `EXCHANGE_JOURNAL_FAILED`, or what a transport throws; everything is closed again then.
   */
  start(): Promise<void>;
  /** Waits, up to `stopTimeoutMs`, for what is in flight; what remains is taken up by the next start. */
  stop(): Promise<void>;
  /** Tells a partner (`Party.name`) of an event. */
  alert(event: SecurityEvent, to: string, place?: Place): Promise<Message>;
  /** Asks a partner to do something about an event. */
  request(event: SecurityEvent, asks: readonly Ask[], to: string, place?: Place): Promise<Message>;
  /** Answers a partner's message. */
  feedback(inReplyTo: Message, outcome: Outcome): Promise<Message>;
  /** Messages that were given up, oldest first. @throws ExchangeError `EXCHANGE_NOT_RUNNING`. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /**
   * Sends a dead letter once more, as if it were new. False: there is none of that reference.
   * @throws ExchangeError `EXCHANGE_NOT_RUNNING`, `EXCHANGE_FULL`, `EXCHANGE_JOURNAL_FAILED`.
   */
  retry(reference: MessageRef): Promise<boolean>;
  /**
   * Forgets a dead letter. False: there is none of that reference.
   * @throws ExchangeError `EXCHANGE_NOT_RUNNING`, `EXCHANGE_JOURNAL_FAILED`.
   */
  drop(reference: MessageRef): Promise<boolean>;
  /** Resolves when no attempt and no answer is in flight. */
  settled(): Promise<void>;
  /** Those in memory, the quiet ones first. */
  conversations(): readonly ConversationState[];
  /** Unproven messages of partners whose policy is to record them, oldest first. */
  recorded(): readonly RecordedMessage[];
}

type Untimed<T> = T extends unknown ? Omit<T, 'atMs'> : never;

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`. */
export function createExchange(config: ExchangeConfig, deps: ExchangeDeps): Exchange {
  const { self } = config;
  const { journal, clock, trust } = deps;
  const limits = { ...defaultExchangeLimits, ...config.limits };
  const partners = createPartnerDirectory(self, config.partners);
  const codecs = createCodecSet(deps.codecs, limits.maxMessageBytes);
  const transports = deps.transports.map((createTransport) => createTransport({ onDocument }));
  const book = new ConversationBook(limits, (closed) => emit({ kind: 'conversationClosed', ...closed }));
  const recorded: RecordedMessage[] = [];
  const inFlight = new Set<Promise<void>>();
  let nextMessageId = deps.nextMessageId;
  let state: 'idle' | 'starting' | 'running' | 'stopping' = 'idle';
  let lifeCycle = Promise.resolve();
  let outbox = newOutbox();

  const writer = createMessageWriter(
    { self, maxEndpointsEchoed: limits.maxEndpointsEchoed },
    { clock, nextMessageId: () => nextMessageId!() },
  );

  const answering = createAnswering({
    journal,
    decide: deps.decide,
    write: writer.feedback,
    prepare,
    onAnswered(message, entry, inReplyTo) {
      note(message, partners.get(entry.partner), entry.language, 'out');
      const bytes = entry.bytes.length;
      emit({ kind: 'answered', message, inReplyTo, partner: entry.partner, bytes });
      track(outbox.enqueue(entry));
    },
    onFailed({ reference, partner }, error) {
      emit({ kind: 'handlingFailed', reference, partner, reason: reasonOf(error) });
    },
  });

  function newOutbox(): Outbox {
    return createOutbox(limits, {
      clock,
      codecs,
      partners,
      transports,
      trust,
      async onSent({ reference, partner, bytes }, message, receipt) {
        book.setDelivery(reference, 'sent');
        emit({ kind: 'sent', message, partner, bytes: bytes.length, receipt });
        await journal.markSent(reference, receipt).catch((cause: unknown) => {
          // It stays in the outbox and will be sent once more; the partner will know it for a repeat.
          const reason = `sent, but not marked so: ${reasonOf(cause)}`;
          emit({ kind: 'sendFailed', reference, partner, bytes: bytes.length, reason, permanent: false });
        });
      },
      onRetry(entry) {
        track(outbox.enqueue(entry));
      },
      async onFailed({ reference, partner, bytes }, error) {
        const { permanent } = error;
        if (permanent) book.setDelivery(reference, 'failed');
        const reason = error.message;
        emit({ kind: 'sendFailed', reference, partner, bytes: bytes.length, reason, permanent });
        // Where this fails the entry stays in the outbox, which is what a failure that is not marked means anyway.
        await journal.markFailed(reference, { atMs: clock.now(), reason, permanent }).catch(() => {});
      },
    });
  }

  function emit(event: Untimed<ExchangeEvent>): void {
    try {
      deps.onEvent?.({ ...event, atMs: clock.now() });
    } catch {
      // An observer that fails must not stop a message.
    }
  }

  function track(work: Promise<void>): void {
    inFlight.add(work);
    void work.finally(() => inFlight.delete(work));
  }

  function note(message: Message, { party }: Partner, language: string, way: 'in' | 'out'): void {
    const { subject } = summarizeMessage(message, language, limits);
    book.add(message, party.name, subject, clock.now(), way);
  }

  function prepare(message: Message, partner: Partner): OutboxEntry {
    const codec = outbox.languageFor(partner);
    return {
      reference: { sender: self.name, id: message.id },
      partner: partner.party.name,
      language: codec.language,
      bytes: codecs.encode(codec, message),
      atMs: clock.now(),
    };
  }

  function checkRunning(): void {
    if (state === 'running') return;
    throw new ExchangeError('EXCHANGE_NOT_RUNNING', `the exchange is ${state}; start it before it can send`);
  }

  async function retry(reference: MessageRef): Promise<boolean> {
    checkRunning();
    const entry = await journal.retry(reference, clock.now());
    if (entry === undefined) return false;
    book.setDelivery(reference, 'pending');
    emit({ kind: 'retried', reference, partner: entry.partner, bytes: entry.bytes.length });
    track(outbox.enqueue(entry));
    return true;
  }

  async function drop(reference: MessageRef): Promise<boolean> {
    checkRunning();
    const letter = await journal.drop(reference);
    if (letter === undefined) return false;
    const { partner, bytes } = letter.entry;
    emit({ kind: 'dropped', reference, partner, bytes: bytes.length });
    return true;
  }

  /** Journal first, then everything else. */
  async function promise(to: string, write: () => Message): Promise<Message> {
    checkRunning();
    const partner = partners.get(to);
    const message = write();
    const entry = prepare(message, partner);
    await journal.append(entry);
    note(message, partner, entry.language, 'out');
    emit({ kind: 'queued', message, partner: to, bytes: entry.bytes.length });
    track(outbox.enqueue(entry));
    return message;
  }

  async function onDocument(document: IncomingDocument): Promise<void> {
    let reference: MessageRef | undefined;
    try {
      if (state !== 'running' && state !== 'starting') {
        throw new ExchangeError('EXCHANGE_NOT_RUNNING', 'not taking messages at the moment, try again later');
      }
      const { message, partner, entry, unproven } = await admit(self.name, document, {
        codecs,
        partners,
        clock,
        trust,
        partnerOf: (known) => book.partnerOf(known),
        onReference: (read) => {
          reference = read;
        },
      });
      const name = partner.party.name;
      const bytes = entry.bytes.length;
      if (unproven !== undefined) {
        // Not in the journal: what anybody can write must not use up the references of the partner's own messages.
        record(message, name, bytes, unproven);
        return;
      }
      if (answering.countOf(name) >= limits.maxHandledAtOnce) {
        throw new ExchangeError(
          'EXCHANGE_FULL',
          `${limits.maxHandledAtOnce} of your messages are being handled`,
        );
      }
      switch (await journal.remember(entry)) {
        case 'new':
          note(message, partner, entry.language, 'in');
          emit({ kind: 'received', message, partner: name, bytes });
          track(answering.handle(entry, message, partner));
          return;
        case 'repeat':
          emit({ kind: 'repeat', message, partner: name, bytes });
          return;
        case 'reused':
          throw new ExchangeError(
            'EXCHANGE_ID_REUSED',
            `message ${message.id} of ${name} came before, with other content: every id names one message only`,
            { permanent: true },
          );
      }
    } catch (error) {
      refuse(error, document, reference);
      throw error;
    }
  }

  function record(message: Message, partner: string, bytes: number, reason: string): void {
    const { subject } = summarizeMessage(message, 'unsigned', limits);
    const reference = { sender: message.sender.name, id: message.id };
    recorded.push({ partner, reference, kind: message.kind, subject, reason, atMs: clock.now() });
    while (recorded.length > limits.maxRecorded) recorded.shift();
    emit({ kind: 'recorded', message, partner, bytes, reason });
  }

  function refuse(
    error: unknown,
    { transport, envelopeFrom }: IncomingDocument,
    reference?: MessageRef,
  ): void {
    const known = error instanceof ExchangeError;
    emit({
      kind: 'refused',
      code: known ? error.code : 'EXCHANGE_JOURNAL_FAILED',
      reason: reasonOf(error),
      permanent: known && error.permanent,
      transport,
      ...(envelopeFrom === undefined ? {} : { envelopeFrom }),
      ...(reference === undefined ? {} : { reference }),
    });
  }

  /** What an earlier run received and promised, read before anything new can join it. */
  async function leftover(): Promise<{ unhandled: readonly InboxEntry[]; pending: readonly OutboxEntry[] }> {
    return { unhandled: await journal.unhandled(), pending: await journal.pending() };
  }

  function resume({ unhandled, pending }: Awaited<ReturnType<typeof leftover>>): void {
    for (const entry of unhandled) {
      try {
        const { message, partner } = reread(entry, 'in');
        track(answering.handle(entry, message, partner));
      } catch (error) {
        const { reference, partner } = entry;
        emit({ kind: 'handlingFailed', reference, partner, reason: reasonOf(error) });
      }
    }
    for (const entry of pending) {
      try {
        reread(entry, 'out');
      } catch {
        // The attempt that follows meets the same and tells of it.
      }
      track(outbox.enqueue(entry));
    }
  }

  /** @throws ExchangeError where this configuration lacks the entry's partner or cannot read its language. */
  function reread(
    entry: InboxEntry | OutboxEntry,
    way: 'in' | 'out',
  ): { message: Message; partner: Partner } {
    const partner = partners.get(entry.partner);
    const codec = codecs.find(entry.language);
    if (codec === undefined)
      throw new ExchangeError('EXCHANGE_NO_ROUTE', `no codec speaks ${entry.language}`);
    const message = codecs.decode(codec, entry.bytes);
    if (book.partnerOf(entry.reference) === undefined) note(message, partner, entry.language, way);
    return { message, partner };
  }

  async function settled(): Promise<void> {
    while (inFlight.size > 0) await Promise.all(inFlight);
  }

  async function start(): Promise<void> {
    if (state === 'running') return;
    state = 'starting';
    outbox = newOutbox();
    try {
      await journal.open();
      await trust?.start();
      nextMessageId ??= createMessageIds(clock, await journal.highestId(self.name));
      const left = await leftover();
      for (const transport of transports) await transport.start();
      resume(left);
      state = 'running';
    } catch (error) {
      // What the start failed for tells more than what the clean-up may fail for.
      await close().catch(() => {});
      throw error;
    }
  }

  async function stop(): Promise<void> {
    if (state === 'running') await close();
  }

  /** Closes all that it can. @throws the first of what failed. */
  async function close(): Promise<void> {
    state = 'stopping';
    outbox.stop();
    await within(limits.stopTimeoutMs, settled());
    const closed = await Promise.allSettled(transports.map((transport) => transport.stop()));
    closed.push(...(await Promise.allSettled([journal.close()])));
    state = 'idle';
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  }

  /** A start waits for the stop before it, and the other way round. */
  function inTurn(step: () => Promise<void>): Promise<void> {
    const result = lifeCycle.then(step);
    lifeCycle = result.catch(() => {});
    return result;
  }

  return {
    start: () => inTurn(start),
    stop: () => inTurn(stop),
    alert: (event, to, place) => promise(to, () => writer.alert(event, place)),
    request: (event, asks, to, place) => promise(to, () => writer.request(event, asks, place)),
    feedback: (inReplyTo, outcome) =>
      promise(inReplyTo.sender.name, () => writer.feedback(inReplyTo, outcome)),
    async deadLetters() {
      checkRunning();
      return journal.deadLetters();
    },
    retry,
    drop,
    settled,
    conversations: () => book.states(),
    recorded: () => [...recorded],
  };
}

/** Resolves with the work or the time, whichever is first. */
async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
