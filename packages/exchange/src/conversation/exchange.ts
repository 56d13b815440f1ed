import type { Message, MessageRef } from '@flowpact/event';
import { createCodecSet } from '../codec/codec-set.ts';
import { createDueTimer } from '../due-timer.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { InboxEntry, OutboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import { createPartnerDirectory } from '../partner/partner-directory.ts';
import { summarizeMessage } from '../summary/message-summary.ts';
import type { DeliveryReport, IncomingDocument } from '../transport/transport.ts';
import { createAnswering } from './answering.ts';
import { ConversationBook } from './conversation-book.ts';
import type { RecordedMessage } from './conversation-state.ts';
import { applyDeliveryReport } from './delivery-report.ts';
import { createEntryWriter } from './entry-writer.ts';
import { defaultExchangeLimits, type ExchangeConfig, type ExchangeDeps } from './exchange-config.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import type { Exchange, WriteOptions } from './exchange-interface.ts';
import { FalsePositives } from './false-positives.ts';
import { admit } from './inbox.ts';
import { createMessageIds } from './message-ids.ts';
import { createMessageWriter } from './message-writer.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { within } from './within.ts';

type Untimed<T> = T extends unknown ? Omit<T, 'atMs'> : never;

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`. */
export function createExchange(config: ExchangeConfig, deps: ExchangeDeps): Exchange {
  const { self } = config;
  const { journal, clock, trust } = deps;
  const limits = { ...defaultExchangeLimits, ...config.limits };
  const partners = createPartnerDirectory(self, config.partners);
  const codecs = createCodecSet(deps.codecs, limits.maxMessageBytes, deps.outgoingCodecs);
  const transports = deps.transports.map((createTransport) =>
    createTransport({
      onDocument,
      onDeliveryReport,
      onRefused: ({ error, ...document }) => refuse(error, document),
    }),
  );
  const book = new ConversationBook(limits, (closed) => emit({ kind: 'conversationClosed', ...closed }));
  const falsePositives = new FalsePositives(limits.maxFalsePositives);
  const overdueTimer = createDueTimer(clock, () => {
    for (const overdue of book.takeOverdue(clock.now())) emit({ kind: 'overdue', ...overdue });
    watchAnswers();
  });
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

  const entries = createEntryWriter(self.name, {
    codecs,
    clock,
    languageFor: (partner, kind, language) => outbox.languageFor(partner, kind, language),
  });

  const answering = createAnswering(limits, {
    clock,
    journal,
    decide: deps.decide,
    onFeedback: deps.onFeedback,
    supersededBy: (reference) => book.supersededBy(reference),
    write: writer.feedback,
    prepare: (answer, partner) =>
      entries.canAnswer(partner) ? entries.write(answer, partner).entry : undefined,
    onUnanswerable({ reference, partner }) {
      const reason = `${partner} reads no language with a place for a feedback`;
      emit({ kind: 'unanswerable', reference, partner, reason });
    },
    onAnswered(message, entry, inReplyTo) {
      note(message, partners.get(entry.partner), entry.language, 'out');
      emit({ kind: 'answered', message, inReplyTo, partner: entry.partner, ...carriedBy(entry) });
      track(outbox.enqueue(entry));
    },
    onFailed({ reference, partner }, error) {
      emit({ kind: 'handlingFailed', reference, partner, reason: reasonOf(error) });
    },
    isRunning: () => state === 'running',
    onRetry: track,
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

  function note(message: Message, partner: Partner, language: string, way: 'in' | 'out'): void {
    const { name } = partner.party;
    const { subject } = summarizeMessage(message, language, limits);
    const mayBeAnswered = way === 'in' || entries.canAnswer(partner);
    const falsePositive = book.add(message, name, subject, clock.now(), way, mayBeAnswered);
    if (falsePositive !== undefined) falsePositives.add(falsePositive.rule, name, clock.now());
    if (way === 'out' && message.kind !== 'feedback') watchAnswers();
  }

  /** Every question has the same time to be answered in, so a timer that is armed is so for the first of them. */
  function watchAnswers(): void {
    const dueMs = overdueTimer.isArmed ? undefined : book.nextDueMs();
    if (dueMs !== undefined) overdueTimer.arm(dueMs);
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
  async function promise(to: string, write: () => Message, options: WriteOptions = {}): Promise<Message> {
    checkRunning();
    const partner = partners.get(to);
    const message = write();
    const { entry, losses } = entries.write(message, partner, options.language);
    await journal.append(entry);
    note(message, partner, entry.language, 'out');
    const lossy = losses === undefined ? {} : { losses };
    emit({ kind: 'queued', message, partner: to, ...carriedBy(entry), ...lossy });
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
          emit({ kind: 'received', message, partner: name, ...carriedBy(entry) });
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

  async function onDeliveryReport(report: DeliveryReport): Promise<void> {
    if (state !== 'running') {
      throw new ExchangeError('EXCHANGE_NOT_RUNNING', 'not taking reports at the moment, try again later');
    }
    const { effect, entry, reason } = await applyDeliveryReport(report, {
      clock,
      journal,
      outbox,
      maxSendAgeMs: limits.maxSendAgeMs,
      isAnswered: (reference) => book.isAnswered(reference),
    });
    emit({ kind: 'deliveryReport', report, effect });
    if (entry === undefined) return;
    const { reference, partner, bytes } = entry;
    book.setDelivery(reference, effect === 'nextRoute' ? 'pending' : 'failed');
    if (effect === 'nextRoute') track(outbox.enqueue(entry));
    else emit({ kind: 'sendFailed', reference, partner, bytes: bytes.length, reason, permanent: true });
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
    { transport, envelopeFrom }: Pick<IncomingDocument, 'transport' | 'envelopeFrom'>,
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
    const read = unhandled.flatMap((entry) => {
      try {
        return [{ entry, ...reread(entry, 'in') }];
      } catch (error) {
        const { reference, partner } = entry;
        emit({ kind: 'handlingFailed', reference, partner, reason: reasonOf(error) });
        return [];
      }
    });
    // Once all are noted, so that nothing is decided that another one of them takes back.
    for (const { entry, message, partner } of read) track(answering.handle(entry, message, partner));
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
    const { message } = codecs.read(entry);
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
    answering.stop();
    overdueTimer.stop();
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
    alert: (event, to, place, options) => promise(to, () => writer.alert(event, place), options),
    request: (event, asks, to, place) => promise(to, () => writer.request(event, asks, place)),
    feedback: (inReplyTo, answer) => promise(inReplyTo.sender.name, () => writer.feedback(inReplyTo, answer)),
    async withdraw(message, to, reason) {
      if (message.sender.name === self.name) return promise(to, () => writer.withdrawal(message, reason));
      throw new ExchangeError(
        'EXCHANGE_FOREIGN_CONVERSATION',
        `message ${message.id} is one of ${message.sender.name}, which alone can withdraw it`,
        { permanent: true },
      );
    },
    async deadLetters() {
      checkRunning();
      return journal.deadLetters();
    },
    retry,
    drop,
    settled,
    conversations: () => book.states(clock.now()),
    falsePositives: () => falsePositives.counts(),
    recorded: () => [...recorded],
  };
}

/** What an event tells of the octets of a message. */
function carriedBy({ language, bytes }: Pick<OutboxEntry, 'language' | 'bytes'>) {
  return { language, bytes: bytes.length, octets: bytes };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
