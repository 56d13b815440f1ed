import type { MessageRef } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import { EntryTable, type EntryTableLimits } from './entry-table.ts';
import type { DeadLetter, InboxEntry, OutboxEntry, SendFailure } from './exchange-journal.ts';
import type { JournalLimits } from './journal-limits.ts';
import { digestOf, type JournalRecord } from './journal-record.ts';
import { RecentEntries } from './recent-entries.ts';
import { SeenReferences } from './seen-references.ts';

/**
 * What a journal knows: the sum of its records. `check…` look before a record is written and change nothing; `apply`
 * changes and never refuses, so that a journal that was written under other limits can be read back.
 */
export class JournalState {
  readonly #pendingLimits: EntryTableLimits;
  readonly #unhandledLimits: EntryTableLimits;
  readonly #pending = new EntryTable();
  readonly #unhandled = new EntryTable();
  readonly #sent: RecentEntries<{ readonly entry: OutboxEntry }>;
  readonly #dead: RecentEntries<DeadLetter>;
  readonly #outgoing: SeenReferences;
  readonly #incoming: SeenReferences;
  readonly #highestIds = new Map<string, bigint>();

  constructor(limits: JournalLimits) {
    this.#pendingLimits = {
      maxEntries: limits.maxPending,
      maxPerPartner: limits.maxPendingPerPartner,
      maxBytes: limits.maxPendingBytes,
    };
    this.#unhandledLimits = {
      maxEntries: limits.maxUnhandled,
      maxPerPartner: limits.maxUnhandledPerPartner,
      maxBytes: limits.maxUnhandledBytes,
    };
    this.#sent = new RecentEntries({ maxEntries: limits.maxSent, maxBytes: limits.maxSentBytes });
    this.#dead = new RecentEntries({
      maxEntries: limits.maxDeadLetters,
      maxBytes: limits.maxDeadLetterBytes,
    });
    this.#outgoing = new SeenReferences(limits.maxSeenPerSender);
    this.#incoming = new SeenReferences(limits.maxSeenPerSender);
  }

  /** @throws ExchangeError `EXCHANGE_FULL`, `EXCHANGE_ID_REUSED`. */
  checkAppend(entry: OutboxEntry): void {
    const { reference } = entry;
    if (this.#pending.has(reference) || this.#outgoing.get(reference) !== undefined) {
      throw new ExchangeError(
        'EXCHANGE_ID_REUSED',
        `message ${reference.id} of ${reference.sender} was sent before: every id names one message only`,
        { permanent: true },
      );
    }
    this.#checkRoom(entry);
  }

  /**
   * The entry that a dead letter would become again; undefined for none.
   * @throws ExchangeError `EXCHANGE_FULL`.
   */
  checkRetry(reference: MessageRef, atMs: number): OutboxEntry | undefined {
    const letter = this.#dead.get(reference);
    if (letter === undefined) return undefined;
    const entry = { ...letter.entry, atMs };
    this.#checkRoom(entry);
    return entry;
  }

  #checkRoom(entry: OutboxEntry): void {
    const excess = this.#pending.excess(entry, this.#pendingLimits);
    if (excess !== undefined) {
      throw new ExchangeError(
        'EXCHANGE_FULL',
        `the outbox is full: ${excess} wait to be sent; see why they are not delivered`,
      );
    }
  }

  /** @throws ExchangeError `EXCHANGE_FULL`. */
  checkRemember(entry: InboxEntry): 'new' | 'repeat' | 'reused' {
    const seen = this.#incoming.get(entry.reference);
    if (seen !== undefined) return seen === digestOf(entry.bytes) ? 'repeat' : 'reused';
    const excess = this.#unhandled.excess(entry, this.#unhandledLimits);
    if (excess !== undefined) {
      throw new ExchangeError('EXCHANGE_FULL', `the inbox is full: ${excess} are not handled yet`);
    }
    return 'new';
  }

  isPending(reference: MessageRef): boolean {
    return this.#pending.has(reference);
  }

  /** Whether a permanent failure makes a dead letter of it. */
  mayFail(reference: MessageRef): boolean {
    return this.#pending.has(reference) || this.#sent.get(reference) !== undefined;
  }

  sent(reference: MessageRef): OutboxEntry | undefined {
    return this.#sent.get(reference)?.entry;
  }

  isUnhandled(reference: MessageRef): boolean {
    return this.#unhandled.has(reference);
  }

  pending(): readonly OutboxEntry[] {
    return this.#pending.values();
  }

  unhandled(): readonly InboxEntry[] {
    return this.#unhandled.values();
  }

  deadLetters(): readonly DeadLetter[] {
    return this.#dead.values();
  }

  deadLetter(reference: MessageRef): DeadLetter | undefined {
    return this.#dead.get(reference);
  }

  highestId(sender: string): bigint | undefined {
    return this.#highestIds.get(sender);
  }

  apply(record: JournalRecord): void {
    switch (record.kind) {
      case 'append':
        this.#addPending(record.entry);
        return;
      case 'sent': {
        const entry = this.#pending.get(record.reference);
        this.#pending.delete(record.reference);
        if (entry !== undefined) this.#sent.add({ entry });
        return;
      }
      case 'wasSent':
        this.#sent.add({ entry: record.entry });
        return;
      case 'failed':
        if (record.failure.permanent) this.#giveUp(record.reference, record.failure);
        return;
      case 'retried': {
        const letter = this.#dead.get(record.reference);
        this.#dead.delete(record.reference);
        if (letter !== undefined) this.#addPending({ ...letter.entry, atMs: record.atMs });
        return;
      }
      case 'dropped':
        this.#dead.delete(record.reference);
        return;
      case 'dead':
        this.#dead.add({ entry: record.entry, failure: record.failure });
        return;
      case 'remember': {
        const { entry } = record;
        this.#unhandled.set(entry);
        this.#incoming.add(entry.reference, digestOf(entry.bytes));
        return;
      }
      case 'handled':
        this.#unhandled.delete(record.reference);
        if (record.answer !== undefined) this.#addPending(record.answer);
        return;
      case 'seenOutgoing':
        this.#outgoing.add(record.reference, record.digest);
        return;
      case 'seenIncoming':
        this.#incoming.add(record.reference, record.digest);
        return;
      case 'highestId':
        this.#raiseHighestId(record.reference);
        return;
      default:
        record satisfies never;
    }
  }

  /** The shortest run of records with this sum. */
  *records(): Generator<JournalRecord> {
    for (const [sender, id] of this.#highestIds) {
      yield { kind: 'highestId', reference: { sender, id: id.toString() } };
    }
    for (const seen of this.#outgoing) yield { kind: 'seenOutgoing', ...seen };
    for (const seen of this.#incoming) yield { kind: 'seenIncoming', ...seen };
    for (const entry of this.#unhandled.values()) yield { kind: 'remember', entry };
    for (const { entry } of this.#sent.values()) yield { kind: 'wasSent', entry };
    for (const letter of this.#dead.values()) yield { kind: 'dead', ...letter };
    for (const entry of this.#pending.values()) yield { kind: 'append', entry };
  }

  #giveUp(reference: MessageRef, failure: SendFailure): void {
    const entry = this.#pending.get(reference) ?? this.sent(reference);
    this.#pending.delete(reference);
    this.#sent.delete(reference);
    if (entry !== undefined) this.#dead.add({ entry, failure });
  }

  #addPending(entry: OutboxEntry): void {
    this.#pending.set(entry);
    this.#outgoing.add(entry.reference, digestOf(entry.bytes));
    this.#raiseHighestId(entry.reference);
  }

  #raiseHighestId({ sender, id }: MessageRef): void {
    const number = BigInt(id);
    const highest = this.#highestIds.get(sender);
    if (highest === undefined || number > highest) this.#highestIds.set(sender, number);
  }
}
