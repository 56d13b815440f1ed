import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, SecurityEvent } from '@flowpact/event';
import type { ExchangeEvent } from '@flowpact/exchange';
import { createReplayer, createTcpExporter, type MessageExporter, systemClock } from '@flowpact/ipfix';
import { ruleText } from '@flowpact/response';
import { FlowpactError } from '../flowpact-error.ts';
import { exportTraffic } from '../generate/export-traffic.ts';
import { type GroundTruth, generateTraffic } from '../generate/traffic.ts';
import { pageFolder } from '../http/page-folder.ts';
import type { Detections } from '../pipeline/detector.ts';
import { checkDemo, type DemoCheck } from './demo-checks.ts';
import { createDemoExchange } from './demo-exchange.ts';
import { createDemoPage, type DemoPage } from './demo-page.ts';
import { createDetectingNetwork } from './detecting-network.ts';
import { freePorts } from './free-ports.ts';
import { moreTraffic } from './more-traffic.ts';
import { detectingNetwork, owns, receivingNetwork } from './network.ts';

export interface DemoConfig {
  readonly seed: number;
  /** How many times faster than real time the traffic is replayed. */
  readonly speed: number;
  /** Of the page on loopback that shows everything; 0: any that is free. */
  readonly pagePort: number;
  /** Whether to go on with more traffic, when the story has been told, until the signal ends it. */
  readonly isEndless: boolean;
}

export interface DemoDeps {
  readonly signal: AbortSignal;
  /** What a watcher should read. `traffic` is the time in the traffic, ms since 1970, where one belongs to it. */
  onStep(step: { readonly text: string; readonly trafficMs?: number }): void;
  /** What the story came to; of an endless demo, long before the end. */
  onResult(result: DemoResult): void;
  /** Messages sent so far. */
  onProgress(sent: number, total: number): void;
}

export interface DemoResult {
  readonly truth: GroundTruth;
  /** When each statement first gave a row about the attacker, by the time of the traffic, ms since 1970. */
  readonly stagesSeen: ReadonlyMap<string, number>;
  readonly events: readonly SecurityEvent[];
  /** Sizes of the FLEX alerts, octets. */
  readonly alertBytes: readonly number[];
  readonly feedback: readonly Message[];
  readonly checks: readonly DemoCheck[];
}

/** How long the answers may take after the traffic has ended. */
const answerTimeoutMs = 15_000;

/**
 * The whole way in one process: synthetic traffic is exported as IPFIX over TCP, collected and searched by EPL
 * statements in one network; what is found goes as FLEX by mail to the network that owns the attacker, which answers.
 */
export async function runDemo(config: DemoConfig, deps: DemoDeps): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'flowpact-demo-'));
  try {
    await runDemoIn(directory, config, deps);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runDemoIn(
  directory: string,
  { seed, speed, pagePort, isEndless }: DemoConfig,
  deps: DemoDeps,
): Promise<void> {
  const { onStep, signal } = deps;
  const traffic = generateTraffic({ seed });
  const messages = [...exportTraffic(traffic.flows)];
  const { truth } = traffic;
  const flowsSent = Object.values(truth.background).reduce((a, b) => a + b, 0) + attackFlows(truth);
  onStep({
    text: `made ${count(flowsSent)} flows in ${count(messages.length)} IPFIX messages, ${truth.durationMs / 60_000} minutes of traffic, seed ${seed}`,
  });

  const [attacker] = truth.attacks[0].attackers;
  const stagesSeen = new Map<string, number>();
  const events: SecurityEvent[] = [];
  const alertsSent: Message[] = [];
  const alertsReceived: Message[] = [];
  const feedbackReceived: Message[] = [];
  const alertBytes: number[] = [];
  let allAnswered = () => {};

  const [portA, portB] = await freePorts(2);
  const networkB = createDemoExchange(
    {
      self: receivingNetwork,
      other: detectingNetwork,
      port: portB,
      otherPort: portA,
      journalDirectory: join(directory, 'b'),
    },
    {
      onEvent(event) {
        if (event.kind === 'received') {
          alertsReceived.push(event.message);
          onStep({
            text: `${receivingNetwork.party.name} decoded alert ${event.message.id}: ${describe(event.message.event)}`,
          });
        } else tellTrouble(receivingNetwork.party.name, event);
      },
    },
  );
  const networkA = createDemoExchange(
    {
      self: detectingNetwork,
      other: receivingNetwork,
      port: portA,
      otherPort: portB,
      journalDirectory: join(directory, 'a'),
    },
    {
      onEvent(event) {
        page?.exchangeView.onEvent(event);
        if (event.kind === 'sent') {
          alertsSent.push(event.message);
          alertBytes.push(event.bytes);
          onStep({
            text: `alert ${event.message.id} mailed to ${event.partner}: ${count(event.bytes)} bytes of FLEX, ${count(evidenceRows(event.message.event))} flows in it`,
          });
        } else if (event.kind === 'received') {
          feedbackReceived.push(event.message);
          const outcome = event.message.conversation?.outcome;
          onStep({ text: `feedback from ${event.partner}: ${outcome?.status} (${outcome?.reason})` });
          allAnswered();
        } else tellTrouble(detectingNetwork.party.name, event);
      },
    },
  );
  const tellTrouble = (network: string, event: ExchangeEvent) => {
    if ('reason' in event) onStep({ text: `${network}: ${event.kind}: ${event.reason}` });
  };
  let page: DemoPage | undefined;
  let alerts = 0;
  const network = await createDetectingNetwork({
    onDetections(detections) {
      const { statement, timeMs, rows } = detections;
      page?.source.addDetections(detections);
      onStep({ text: describeRows(detections), trafficMs: timeMs });
      const concerned = rows.some((row) => Object.values(row).includes(attacker));
      if (concerned && !stagesSeen.has(statement.name)) stagesSeen.set(statement.name, timeMs);
    },
    onSecurityEvent(event, timeMs) {
      events.push(event);
      page?.addEvent(event, timeMs);
      onStep({ text: `security event: ${describe(event)}` });
      if (
        !(event.sources ?? []).some(({ address }) => address !== undefined && owns(receivingNetwork, address))
      )
        return;
      alerts++;
      networkA.alert(event, receivingNetwork.party.name).catch((error: Error) => {
        onStep({ text: `trouble: the alert could not be sent: ${error.message}` });
      });
    },
    onTrouble: (what) => onStep({ text: `trouble: ${what}` }),
  });

  const folder = pageFolder();
  if (folder === undefined) {
    const text = 'the page is not built: npm run build -w packages/dashboard';
    if (isEndless) throw new FlowpactError('FLOWPACT_FILE', text);
    onStep({ text });
  } else {
    page = createDemoPage(
      {
        ...{ port: pagePort, folder, auditDirectory: join(directory, 'audit') },
        note: `synthetic traffic, ${speed} times faster than real`,
      },
      {
        ...{ network, exchange: networkA },
        onProposed({ id, candidates, chosen }) {
          const { rule } = candidates[chosen];
          onStep({ text: `mitigation ${id} proposed, waiting for a yes on the page: ${ruleText(rule)}` });
        },
        onTrouble: (what) => onStep({ text: `trouble: ${what}` }),
      },
    );
  }
  await networkB.start();
  await networkA.start();
  const { address, port } = await network.start();
  const exporter = createTcpExporter({ host: address, port });
  try {
    onStep({
      text: `${detectingNetwork.party.name} collects on tcp://${address}:${port}, takes mail on port ${portA}; ${receivingNetwork.party.name} takes mail on port ${portB}`,
    });
    if (page !== undefined) onStep({ text: `watch it on ${await page.start()}` });
    await exporter.start();
    onStep({ text: `replaying ${speed} times faster than real` });
    await replay([messages], exporter, speed, signal, (sent) => deps.onProgress(sent, messages.length));
    await exporter.stop();
    await network.sessionEnded;
    await new Promise<void>((resolve) => {
      allAnswered = () => {
        if (feedbackReceived.length >= alerts) resolve();
      };
      allAnswered();
      const giveUp = setTimeout(resolve, answerTimeoutMs);
      giveUp.unref();
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
    });
    if (signal.aborted) return;
    const seen = {
      ...{ flowsSent, flowsCollected: network.stats?.records ?? 0 },
      ...{ stagesSeen, events, alertsSent, alertsReceived, feedbackReceived },
    };
    deps.onResult({
      truth,
      stagesSeen,
      events,
      alertBytes,
      feedback: feedbackReceived,
      checks: checkDemo(seen, truth),
    });
    if (isEndless) {
      const next = createTcpExporter({ host: address, port });
      await next.start();
      const more = moreTraffic({ seed, startMs: truth.startMs + truth.durationMs }, signal);
      await replay(more, next, speed, signal, () => {}).finally(() => next.stop());
    }
  } finally {
    await exporter.stop();
    await page?.stop();
    await network.stop();
    await networkA.stop();
    await networkB.stop();
  }
}

async function replay(
  batches: Iterable<readonly Uint8Array[]> | AsyncIterable<readonly Uint8Array[]>,
  exporter: Pick<MessageExporter, 'send'>,
  speed: number,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<void> {
  const replayer = createReplayer(
    { passes: 1, realTime: speed },
    {
      messages: async function* () {
        yield* batches;
      },
      send: (message) => exporter.send(message),
      clock: systemClock,
      onProgress: (progress) => onProgress(progress.messages),
    },
  );
  await replayer.run(signal);
}

function attackFlows(truth: GroundTruth): number {
  return truth.attacks.flatMap(({ stages }) => stages).reduce((sum, { flows }) => sum + flows, 0);
}

function evidenceRows(event: SecurityEvent): number {
  return (event.flows?.groups ?? []).reduce((sum, { rows }) => sum + rows.length, 0);
}

function describe({ type, sources = [], targets = [] }: SecurityEvent): string {
  const names = (endpoints: typeof sources) =>
    endpoints.map(({ address, name }) => address ?? name).join(', ');
  return `${type} by ${names(sources)} against ${names(targets)}`;
}

/** One line for the rows of one moment: how many, and the first one's columns. */
function describeRows({ statement, rows }: Detections): string {
  const [row] = rows;
  const columns = Object.entries(row).map(([name, value]) => `${name} ${value}`);
  return `${statement.name}: ${columns.join(', ')}${rows.length > 1 ? ` (and ${rows.length - 1} more)` : ''}`;
}

const count = (value: number) => value.toLocaleString('en-US');
