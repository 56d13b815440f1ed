import type { Message, MessageRef, SecurityEvent } from '@flowpact/event';

/** One row that a statement emitted. */
export interface DetectionRecord {
  /** Engine time, milliseconds since 1970. */
  readonly timeMs: number;
  readonly module?: string;
  readonly statement: string;
  /** The row's columns; bigints and dates are written as text. */
  readonly row: Readonly<Record<string, unknown>>;
  /** What the row says, in words that all statements share, for questions over many of them. */
  readonly roles?: DetectionRoles;
}

export interface DetectionRoles {
  /** Type of security event: `scan`, … */
  readonly kind: string;
  readonly attacker?: string;
  readonly target?: string;
  readonly url?: string;
  /** How much of it there was, in the statement's own measure. */
  readonly amount?: number;
}

export interface EventRecord {
  /** When it became known here, milliseconds since 1970. */
  readonly timeMs: number;
  /** When the statement fired, in the time of the flows, milliseconds since 1970. */
  readonly detectedMs?: number;
  /** With the flows that are its evidence. */
  readonly event: SecurityEvent;
}

/** An event as it was stored. */
export interface StoredEvent extends EventRecord {
  /** Grows in the order of storing. */
  readonly number: number;
}

export interface MessageRecord {
  /** When it was sent or came, milliseconds since 1970. */
  readonly timeMs: number;
  readonly direction: 'in' | 'out';
  /** `Party.name` of the other side. */
  readonly partner: string;
  /** Language of `bytes`: `flex`, … */
  readonly language: string;
  /** The very octets that travelled. */
  readonly bytes: Uint8Array;
  readonly message: Message;
}

/** Where a conversation stands; the last one put under its root is kept. */
export interface ConversationRecord {
  /** When it last changed, milliseconds since 1970. */
  readonly timeMs: number;
  readonly partner: string;
  /** The first message known of it. */
  readonly root: MessageRef;
  readonly status: string;
  /** Sources of the event that it is about; those told first are kept. */
  readonly about?: readonly string[];
  /** Kept as JSON. */
  readonly conversation: object;
}

/** A partner called what a statement found a false positive. */
export interface FalsePositiveRecord {
  readonly timeMs: number;
  readonly partner: string;
  /** `detector.rule` of our alert. */
  readonly rule?: string;
  /** The partner's feedback. */
  readonly feedback: MessageRef;
  readonly reason?: string;
}

/** What flowed in one minute; the same minute may come several times, and adds up. */
export interface TrafficRecord {
  /** Start of the minute, milliseconds since 1970. */
  readonly minuteMs: number;
  /** Address of the exporter. */
  readonly exporter?: string;
  /** IANA protocol number. */
  readonly protocol?: number;
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}

/** One of the addresses with most octets in one minute, of one write of the archive. */
export interface TalkerRecord {
  readonly minuteMs: number;
  readonly role: 'source' | 'destination';
  readonly address: string;
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}
