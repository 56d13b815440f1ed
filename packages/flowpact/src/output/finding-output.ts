import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '@flowpact/ipfix';
import type { Finding } from '../daemon/detection-messages.ts';
import type { Delivery, DeliveryReport } from './delivery.ts';
import { bulkEntry } from './format/bulk-entry.ts';
import { documentsOf, type FindingDocument } from './format/finding-document.ts';
import { indexTemplates } from './format/index-templates.ts';
import { createRowOrdinals } from './format/row-ordinals.ts';
import { syslogMessage } from './format/syslog-message.ts';
import { createLineDelivery } from './line-delivery.ts';
import { openLineSink } from './open-line-sink.ts';
import type { OutputSettings } from './output-settings.ts';
import type { DeadLetters } from './send/dead-letters.ts';
import { createElasticsearchSender } from './send/elasticsearch-sender.ts';
import { createHttpConnection } from './send/http-connection.ts';
import { createKafkaSender } from './send/kafka-sender.ts';
import { openKafkaProducer } from './send/open-kafka-producer.ts';
import type { Sender } from './send/sender.ts';
import { createStreamSender } from './send/stream-sender.ts';
import { createWebhookSender } from './send/webhook-sender.ts';
import type { Spool } from './spool/spool.ts';
import { createSpooledDelivery } from './spooled-delivery.ts';
import { createUdpLineSink } from './udp-line-sink.ts';

export interface FindingOutputDeps {
  readonly spool: Spool;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  /** 0 to less than 1. */
  random(): number;
  /** Told when the receiver cannot be reached and when it can again, and of what it does not let do. */
  onRemark(text: string): void;
  /** What a file that is there already is opened for. */
  readonly file: 'append' | 'replace';
}

/** How an output fares. */
export interface OutputReport extends DeliveryReport {
  readonly name: string;
  readonly to: string;
  /** Lines, documents or messages that were given to it. */
  readonly lines: number;
}

/** One receiver of findings. */
export interface FindingOutput {
  /** @throws FlowpactError where what is near (a file, a port, the spool) cannot be had. */
  start(): Promise<void>;
  /** Never waits, and never throws. */
  write(finding: Finding): void;
  /** Resolves when fewer than this wait, for a caller who can wait; 5,000 where it is left out. */
  ready(maxWaiting?: number): Promise<void>;
  readonly report: OutputReport;
  /** Sends what waits as long as the receiver takes it and `drainMs` have not passed. */
  stop(drainMs: number): Promise<void>;
}

export function createFindingOutput(settings: OutputSettings, deps: FindingOutputDeps): FindingOutput {
  const { name, to, choice } = settings;
  const delivery = deliveryOf(settings, deps);
  const encode = encoderOf(settings);
  const ordinals = createRowOrdinals();
  let lines = 0;
  return {
    start: () => delivery.start(),
    write(finding) {
      const documents = documentsOf(finding, choice, ordinals.firstOf(finding));
      if (documents.length === 0) return;
      lines += documents.length;
      delivery.write(documents.map(encode));
    },
    ready: (maxWaiting = 5000) => delivery.ready(maxWaiting),
    get report() {
      return { name, to, lines, ...delivery.report };
    },
    stop: (drainMs) => delivery.stop(drainMs),
  };
}

function encoderOf({ target, elasticsearch, syslog }: OutputSettings): (document: FindingDocument) => string {
  switch (target.kind) {
    case 'elasticsearch':
      return (document) => bulkEntry(document, elasticsearch.index);
    case 'syslog':
      return (document) => syslogMessage(document, { ...syslog, processId: process.pid });
    case 'standardOutput':
    case 'file':
    case 'kafka':
    case 'lines':
    case 'webhook':
      return ({ json }) => json;
    default:
      return target satisfies never;
  }
}

function deliveryOf(settings: OutputSettings, deps: FindingOutputDeps): Delivery {
  const { to, target } = settings;
  const append = deps.file === 'append';
  switch (target.kind) {
    case 'standardOutput':
    case 'file': {
      const path = target.kind === 'file' ? target.path : '-';
      return createLineDelivery(() =>
        openLineSink(path, { ...(append ? { whenSlow: 'drop' } : {}), append }),
      );
    }
    case 'lines':
      if (target.transport === 'udp' || target.transport === 'tcp-listen') {
        return createLineDelivery(() => openLineSink(to, append ? { whenSlow: 'drop' } : {}));
      }
      break;
    case 'syslog':
      if (target.transport === 'udp') {
        return createLineDelivery(async () => createUdpLineSink(target.host, target.port, ''));
      }
      break;
    case 'elasticsearch':
    case 'kafka':
    case 'webhook':
      break;
    default:
      target satisfies never;
  }
  const { spool, deadLetters, clock, random, onRemark } = deps;
  return createSpooledDelivery(
    { name: to },
    { spool, deadLetters, clock, random, onChange: onRemark, sender: senderOf(settings, target, deps) },
  );
}

function senderOf(
  { choice, tls, authorization, elasticsearch, kafka, webhook }: OutputSettings,
  target: Exclude<OutputSettings['target'], { kind: 'standardOutput' | 'file' }>,
  { clock, onRemark }: FindingOutputDeps,
): Sender {
  const now = () => clock.now();
  const headers = {
    'user-agent': 'flowpact',
    ...(authorization === undefined ? {} : { authorization }),
  };
  switch (target.kind) {
    case 'lines':
      return createStreamSender({}, { ...socketOf(target, tls), frame: (entry) => `${entry}\n` });
    case 'syslog':
      return createStreamSender({}, { ...socketOf(target, tls), frame: octetCounted });
    case 'elasticsearch':
      return createElasticsearchSender(
        { templates: elasticsearch.template ? indexTemplates(elasticsearch.index, choice) : [] },
        { http: createHttpConnection({ base: target.base, headers, tls }, { now }), onRemark },
      );
    case 'kafka': {
      const { brokers, topic, isOverTls } = target;
      const open = () => openKafkaProducer({ brokers, ...kafka, ...(isOverTls ? { tls } : {}) });
      return createKafkaSender({ topic }, { open });
    }
    case 'webhook':
      return createWebhookSender(webhook, {
        http: createHttpConnection({ base: target.base, headers, tls }, { now }),
        now,
      });
    default:
      return target satisfies never;
  }
}

/** RFC 6587, section 3.4.1, and RFC 5425, section 4.3: the length of the message in octets, a space, the message. */
const octetCounted = (message: string) => `${Buffer.byteLength(message)} ${message}`;

function socketOf(
  { transport, host, port }: { readonly transport: string; readonly host: string; readonly port: number },
  tls: OutputSettings['tls'],
) {
  if (transport !== 'tls')
    return { readyEvent: 'connect' as const, connect: () => connect(port, host).setNoDelay() };
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return {
    readyEvent: 'secureConnect' as const,
    connect: () => connectTls({ port, host, ...servername, ...tls }),
  };
}
