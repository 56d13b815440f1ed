import type { Message, MessageKind } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { CodecSet } from '../codec/codec-set.ts';
import { canSay, type MessageCodec } from '../codec/message-codec.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { OutboxEntry } from '../journal/exchange-journal.ts';
import type { Partner, PartnerRoute } from '../partner/partner.ts';
import { type PartnerDirectory, routeKey } from '../partner/partner-directory.ts';
import { type SummaryLimits, summarizeMessage } from '../summary/message-summary.ts';
import type { OutgoingDocument, SendReceipt, Transport } from '../transport/transport.ts';
import type { Trust } from '../trust/trust.ts';
import type { ExchangeLimits } from './exchange-config.ts';
import { createRouteChoice } from './route-choice.ts';

export interface OutboxDeps {
  readonly clock: Clock;
  readonly codecs: CodecSet;
  readonly partners: PartnerDirectory;
  readonly transports: readonly Transport[];
  /** Left out: documents leave as they are. */
  readonly trust?: Trust;
  /** Must not reject. */
  readonly onSent: (entry: OutboxEntry, message: Message, receipt: SendReceipt) => Promise<void>;
  /** The pause after a failure is over. */
  readonly onRetry: (entry: OutboxEntry) => void;
  /** Must not reject. */
  readonly onFailed: (entry: OutboxEntry, error: ExchangeError) => Promise<void>;
}

/**
 * Sends what is in the journal: each partner's messages one after the other, the partners beside each other, so that
 * one that is slow or away delays nobody else. What failed for now is tried again after a pause, which grows with each
 * attempt and is shortened at random by up to a half, so that the messages of an outage do not all come back at once.
 */
export interface Outbox {
  /** The entry has to be in the journal. The promise ends with the attempts of this partner, and never rejects. */
  enqueue(entry: OutboxEntry): Promise<void>;
  /**
   * What was sent to this address has come back. `unknown`: the partner has no such route, or one that is known to have
   * refused the message; `nextRoute`: there is another to send it by; `givenUp`: there is none.
   */
  returned(entry: OutboxEntry, route: PartnerRoute): 'unknown' | 'nextRoute' | 'givenUp';
  /** No attempt begins after this; what waits for another one stays in the journal. */
  stop(): void;
  /**
   * The language that is asked for, or else the first of the partner's that has a place for this kind of message.
   * @throws ExchangeError `EXCHANGE_NO_ROUTE`.
   */
  languageFor(partner: Partner, kind: MessageKind, language?: string): MessageCodec;
}

export function createOutbox(
  limits: SummaryLimits &
    Pick<ExchangeLimits, 'retryMs' | 'maxRetryMs' | 'maxSendAgeMs' | 'nextRouteAfterMs'>,
  deps: OutboxDeps,
): Outbox {
  /** Of entries whose last attempt failed for now: how many did. */
  const failures = new Map<OutboxEntry, number>();
  const routes = createRouteChoice(limits, deps);
  const pauses = new Set<NodeJS.Timeout>();
  const queues = new Map<string, { entries: OutboxEntry[]; done: Promise<void> }>();
  let stopped = false;

  async function work(name: string, entries: OutboxEntry[]): Promise<void> {
    for (let entry = entries.shift(); entry !== undefined && !stopped; entry = entries.shift()) {
      await attempt(entry);
    }
    queues.delete(name);
  }

  async function attempt(entry: OutboxEntry): Promise<void> {
    let message: Message;
    let receipt: SendReceipt;
    let tried: PartnerRoute | undefined;
    try {
      const partner = deps.partners.get(entry.partner);
      const { codec, message: read } = deps.codecs.read(entry);
      message = read;
      const route = routeFor(partner, entry);
      const document = documentFor(entry, message, codec, route, limits);
      const carried = (await deps.trust?.protect(document, partner.party.name)) ?? document;
      tried = route;
      receipt = await transportOf(route)!.send(carried);
    } catch (cause) {
      await onFailed(entry, asSendError(cause), tried);
      return;
    }
    routes.succeeded(tried);
    failures.delete(entry);
    await deps.onSent(entry, message, receipt);
  }

  async function onFailed(
    entry: OutboxEntry,
    error: ExchangeError,
    tried: PartnerRoute | undefined,
  ): Promise<void> {
    if (tried !== undefined && error.permanent) {
      routes.refused(entry.reference, tried);
      if (hasOpenRoute(entry)) {
        const message = `${error.message}; the next route is tried`;
        await deps.onFailed(entry, new ExchangeError(error.code, message, { cause: error }));
        if (!stopped) deps.onRetry(entry);
        return;
      }
    } else if (tried !== undefined) routes.failed(tried);
    const told = aged(error, entry);
    await deps.onFailed(entry, told);
    if (told.permanent) forget(entry);
    else retryLater(entry);
  }

  function forget(entry: OutboxEntry): void {
    failures.delete(entry);
    routes.forget(entry.reference);
  }

  /** What has failed for now for long enough has failed for good. */
  function aged(error: ExchangeError, { atMs }: OutboxEntry): ExchangeError {
    if (error.permanent || deps.clock.now() - atMs < limits.maxSendAgeMs) return error;
    const since = new Date(atMs).toISOString();
    const message = `given up, after attempts since ${since}: ${error.message}`;
    return new ExchangeError(error.code, message, { permanent: true, cause: error });
  }

  function retryLater(entry: OutboxEntry): void {
    if (stopped) return;
    const failed = failures.get(entry) ?? 0;
    failures.set(entry, failed + 1);
    const longestMs = Math.min(limits.retryMs * 2 ** failed, limits.maxRetryMs);
    const pause = setTimeout(
      () => {
        pauses.delete(pause);
        deps.onRetry(entry);
      },
      longestMs * (1 - Math.random() / 2),
    );
    pauses.add(pause);
  }

  function transportOf(route: PartnerRoute): Transport | undefined {
    return deps.transports.find(({ kind }) => kind === route.transport);
  }

  function usableRoutes(partner: Partner): readonly PartnerRoute[] {
    return partner.routes.filter((route) => transportOf(route) !== undefined);
  }

  function routeFor(partner: Partner, { reference }: Pick<OutboxEntry, 'reference'>): PartnerRoute {
    const route = routes.choose(reference, usableRoutes(partner));
    if (route !== undefined) return route;
    throw unreachable(partner);
  }

  function hasOpenRoute({ partner, reference }: OutboxEntry): boolean {
    const known = deps.partners.find(partner);
    return known !== undefined && routes.choose(reference, usableRoutes(known)) !== undefined;
  }

  return {
    enqueue(entry) {
      const queue = queues.get(entry.partner);
      if (queue !== undefined) {
        queue.entries.push(entry);
        return queue.done;
      }
      const entries = [entry];
      // Not before the caller has finished its step, so that it sees its own entry queued before it is sent.
      const done = Promise.resolve().then(() => work(entry.partner, entries));
      queues.set(entry.partner, { entries, done });
      return done;
    },
    returned(entry, route) {
      const partner = deps.partners.find(entry.partner);
      const way = partner?.routes.find((known) => routeKey(known) === routeKey(route));
      if (way === undefined || routes.hasRefused(entry.reference, way)) return 'unknown';
      routes.refused(entry.reference, way);
      if (hasOpenRoute(entry)) return 'nextRoute';
      forget(entry);
      return 'givenUp';
    },
    stop() {
      stopped = true;
      for (const pause of pauses) clearTimeout(pause);
      pauses.clear();
    },
    languageFor(partner, kind, language) {
      if (usableRoutes(partner).length === 0) throw unreachable(partner);
      if (language !== undefined) return chosenLanguage(deps.codecs, kind, language);
      const { party, languages } = partner;
      const spoken = languages.flatMap((language) => deps.codecs.find(language) ?? []);
      const codec = spoken.find((candidate) => canSay(candidate, kind));
      if (codec !== undefined) return codec;
      const read = `${party.name} reads ${languages.join(', ')}`;
      throw noRoute(
        spoken.length === 0 ? `${read}, which no codec speaks` : `${read}, with no place for a ${kind}`,
      );
    },
  };
}

function chosenLanguage(codecs: CodecSet, kind: MessageKind, language: string): MessageCodec {
  const codec = codecs.find(language);
  if (codec === undefined) {
    throw noRoute(`no codec speaks ${language}; there are ${codecs.languages.join(', ')}`);
  }
  if (canSay(codec, kind)) return codec;
  throw noRoute(`${language} has no place for a ${kind}`);
}

function documentFor(
  entry: OutboxEntry,
  message: Message,
  codec: MessageCodec,
  to: PartnerRoute,
  limits: SummaryLimits,
): OutgoingDocument {
  const inReplyTo = message.conversation?.inReplyTo;
  return {
    to,
    summary: summarizeMessage(message, codec.language, limits),
    attachment: {
      name: attachmentName(entry, codec),
      mediaType: codec.mediaType,
      bytes: entry.bytes,
    },
    reference: entry.reference,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
  };
}

/** A file name on every system: `isp-a.example-17.flex`. */
function attachmentName({ reference }: OutboxEntry, { fileExtension }: MessageCodec): string {
  const sender = reference.sender.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 100);
  return `${sender.replace(/^[.-]+/, '') || 'message'}-${reference.id.slice(0, 100)}${fileExtension}`;
}

function unreachable({ party, routes }: Partner): ExchangeError {
  const kinds = routes.map(({ transport }) => transport).join(', ');
  return noRoute(`no transport reaches ${party.name}; its routes: ${kinds}`);
}

/** Where only the configuration is in the way, the message waits until it is mended. */
function noRoute(message: string): ExchangeError {
  return new ExchangeError('EXCHANGE_NO_ROUTE', message);
}

function asSendError(cause: unknown): ExchangeError {
  if (cause instanceof ExchangeError) {
    // Our own record of the partner may come back with the next configuration.
    return cause.code === 'EXCHANGE_UNKNOWN_PARTNER' ? noRoute(cause.message) : cause;
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ExchangeError('EXCHANGE_SEND_FAILED', reason, { cause });
}
