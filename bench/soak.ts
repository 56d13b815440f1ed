import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attack } from 'flowpact';
import { type DaemonProcess, startDaemonProcess } from './daemon-process.ts';
import { type SoakTraffic, sendTraffic, soakTraffic, toldAfterMs } from './soak-traffic.ts';

interface SoakConfig {
  /** Of traffic. */
  readonly minutes: number;
  /** Everyday flows a second, in the traffic's own time. */
  readonly flowsPerSecond: number;
  /** How many times faster than real the traffic is sent. */
  readonly speed: number;
}

interface Detection {
  readonly id: string;
  readonly statement: string;
  readonly attacker?: string;
}
interface Event {
  readonly id: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
}
interface MemorySample {
  /** In the traffic's own time, from its start. */
  readonly atMs: number;
  readonly octets: number;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

const chromium = '/usr/bin/chromium';
const lookEveryMs = 1000;
/** The longest windows of the statements: before, memory grows because they fill. State outlives a restart. */
const windowsFullMs = 15 * 60_000;
/** Eight minutes of looks: less says nothing about growth. */
const minMemorySamples = 480;
/** Memory of the last quarter against that of the second: what grows by more than so much is not flat. */
const flatFactor = 1.15;

/**
 * `flowpact run` under steady traffic with a page open: what it detects is held against what was put in, its memory is
 * watched, it is killed in the middle and started again, and all that its API has shown has to be there afterwards.
 * @returns whether all of it held
 */
async function soak(config: SoakConfig, print: (line: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'flowpact-soak-'));
  const closedPort = await unusedPort();
  const yaml = configuration(closedPort);
  let daemon: DaemonProcess | undefined = await startDaemonProcess(folder, yaml);
  let page = openPage(daemon.url, folder);
  const traffic = soakTraffic(config.minutes * 60_000, config.flowsPerSecond);
  const sender = sendTraffic(traffic, config.speed, () => daemon?.collectorPort);
  const seen = {
    detections: new Map<string, string>(),
    events: new Map<string, string>(),
    outbox: new Set<string>(),
  };
  const memory: MemorySample[][] = [[]];
  const ticks = { count: 0, missed: 0 };
  let cpuSeconds = 0;
  let records = 0;
  let isOver = false;
  const startedMs = Date.now();
  const trafficMs = () => traffic.startMs + (Date.now() - startedMs) * config.speed;
  const killMs = killTime(traffic);
  try {
    void readTicks(
      () => daemon?.url,
      () => isOver,
      ticks,
    );
    let killed: readonly [fromMs: number, toMs: number] | undefined;
    const finished = sender.done.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await look(daemon, seen);
      memory[memory.length - 1].push({
        atMs: trafficMs() - traffic.startMs,
        octets: daemon.residentOctets(),
      });
      if (killed === undefined && trafficMs() >= killMs) {
        cpuSeconds += daemon.cpuSeconds();
        records += await daemon.metric('flowpact_records_total');
        const fromMs = trafficMs();
        const dying: DaemonProcess = daemon;
        daemon = undefined;
        await dying.kill('SIGKILL');
        page.kill('SIGKILL');
        daemon = await startDaemonProcess(folder, yaml);
        page = openPage(daemon.url, folder);
        killed = [fromMs, trafficMs()];
        memory.push([]);
        print(
          `killed and started again within ${((killed[1] - killed[0]) / config.speed / 1000).toFixed(1)} s`,
        );
      }
      await Promise.race([finished, new Promise((resolve) => setTimeout(resolve, lookEveryMs))]);
    }
    const end: DaemonProcess = daemon;
    // The windows of the statements end by themselves when no more flows come, in real time.
    const waitMs = Math.max(0, lastToldMs(traffic) - trafficMs());
    for (const untilMs = Date.now() + waitMs; Date.now() < untilMs; ) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      await look(end, seen);
    }
    await settled(end);
    cpuSeconds += end.cpuSeconds();
    records += await end.metric('flowpact_records_total');
    const detections = await all<Detection>(end, 'detections');
    const events = await all<Event>(end, 'events');
    const outbox = await outboxOf(end);
    const { flows: archived } = await end.ask<{ flows: number }>('flows/top?by=proto&limit=1');
    const isPageOpen = page.exitCode === null;

    const checks = [
      ...attackChecks(traffic.attacks, killed, detections, events),
      foreignCheck(traffic.attacks, events),
      missingCheck('detections', seen.detections, detections),
      missingCheck('events', seen.events, events),
      {
        what: `every alert promised before is in the outbox (${seen.outbox.size})`,
        passed: seen.outbox.size > 0 && [...seen.outbox].every((reference) => outbox.has(reference)),
      },
      ...memory.flatMap(memoryCheck),
      {
        what: `the page was open to the end (${existsSync(chromium) ? 'Chromium' : 'a stream alone'})`,
        passed: isPageOpen,
      },
    ];
    print(
      `${config.minutes} minutes of traffic at ${config.flowsPerSecond} flows/s, ${config.speed} times as fast as real`,
    );
    print(
      `${records} flows decoded, ${archived} of them in the archive; ${sender.lostMessages} messages had no listener`,
    );
    print(
      `${cpuSeconds.toFixed(1)} CPU seconds: ${Math.round((cpuSeconds / records) * 1e9)} ns a flow, all in all`,
    );
    print(
      `resident memory, medians of quarters: ${memory
        .map((samples) =>
          quarters(samples.map(({ octets }) => octets))
            .map(megabytes)
            .join(', '),
        )
        .join('; then ')}`,
    );
    print(`${ticks.count} ticks of the stream read, ${ticks.missed} missed`);
    for (const { what, passed } of checks) print(`${passed ? 'ok    ' : 'FAILED'}  ${what}`);
    return checks.every(({ passed }) => passed);
  } finally {
    isOver = true;
    await sender.stop();
    page.kill('SIGKILL');
    await daemon?.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param options `minutes`, `rate` and `speed` of the command line */
export const run = (options: ReadonlyMap<string, number>, print: (line: string) => void): Promise<boolean> =>
  soak(
    {
      minutes: options.get('minutes') ?? 10,
      flowsPerSecond: options.get('rate') ?? 1000,
      speed: options.get('speed') ?? (options.has('minutes') ? 1 : 20),
    },
    print,
  );

/** An exchange whose partner cannot be reached: what is promised stays in the outbox, and can be counted. */
const configuration = (closedPort: number) => `
collectors:
  - listen: tcp://127.0.0.1:0
modules:
  - file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'
outputs:
  - to: events.ndjson
http: { listen: 127.0.0.1:0, requestsPerSecond: 1000, burst: 1000 }
exchange:
  name: isp-a.example
  mail: { from: flex@isp-a.example, relay: { server: '127.0.0.1:${closedPort}' } }
  alerting: { aggregationMs: 1000 }
  partners:
    - name: isp-b.example
      addressSpace: [203.0.113.0/24]
      languages: [flex]
      routes: [{ transport: smtp, address: flex@isp-b.example }]
`;

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The page in a browser that nobody sees; where there is none, a process that does nothing stands in for it. */
function openPage(url: string, folder: string): ChildProcess {
  if (!existsSync(chromium)) return spawn('sleep', ['1000000']);
  const profile = join(folder, `browser-${Date.now()}`);
  const quiet = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  return spawn(
    chromium,
    [...quiet, '--remote-debugging-port=0', `--user-data-dir=${profile}`, `${url}#/now`],
    {
      stdio: 'ignore',
    },
  );
}

/** Behind an attack in the middle: after it has been told of, before the next begins. */
function killTime({ attacks }: SoakTraffic): number {
  const starts = attacks
    .filter(({ scenario }) => scenario === 'multi-stage-http')
    .map(({ stages }) => stages[0].startMs);
  return starts[Math.ceil(starts.length / 2) - 1] + toldAfterMs;
}

/** When the last attack has been told of. */
const lastToldMs = ({ attacks, startMs, durationMs }: SoakTraffic) =>
  Math.max(startMs + durationMs, ...attacks.map(({ stages }) => stages[0].startMs + toldAfterMs));

async function look(
  daemon: DaemonProcess,
  seen: {
    readonly detections: Map<string, string>;
    readonly events: Map<string, string>;
    readonly outbox: Set<string>;
  },
): Promise<void> {
  for (const kind of ['detections', 'events'] as const) {
    const { items } = await daemon.ask<Page<{ readonly id: string }>>(`${kind}?limit=1000`);
    for (const item of items) seen[kind].set(item.id, JSON.stringify(item));
  }
  for (const reference of await outboxOf(daemon)) seen.outbox.add(reference);
}

async function outboxOf(daemon: DaemonProcess): Promise<Set<string>> {
  const { items } = await daemon.ask<{ items: readonly { reference: object }[] }>('outbox');
  return new Set(items.map(({ reference }) => JSON.stringify(reference)));
}

async function all<T>(daemon: DaemonProcess, kind: string): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page: Page<T> = await daemon.ask(`${kind}?limit=1000${cursor}`);
    found.push(...page.items);
    next = page.next;
  }
  return found;
}

/** Waits until all that was decoded is in the archive. */
async function settled(daemon: DaemonProcess): Promise<void> {
  for (;;) {
    const given = await daemon.metric('flowpact_archive_flows_total');
    const written = await daemon.metric('flowpact_archive_written_flows_total');
    if (written === given && given === (await daemon.metric('flowpact_records_total'))) return;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Reads the stream as a page does, over restarts, and counts. */
async function readTicks(
  url: () => string | undefined,
  isOver: () => boolean,
  ticks: { count: number; missed: number },
): Promise<void> {
  while (!isOver()) {
    try {
      const response = await fetch(`${url() ?? 'http://127.0.0.1:1/'}api/stream`);
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        const text = decoder.decode(chunk as Uint8Array, { stream: true });
        ticks.count += text.split('event: tick\n').length - 1;
        for (const [, missed] of text.matchAll(/"missedTicks":([0-9]+)/g)) ticks.missed += Number(missed);
        if (isOver()) return;
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }
}

interface Check {
  readonly what: string;
  readonly passed: boolean;
}

/** Which statement finds an attack. */
const finders: Readonly<Record<string, string>> = {
  'horizontal-scan': 'PortScan',
  'http-brute-force': 'BruteForce',
};

function attackChecks(
  attacks: readonly Attack[],
  killed: readonly [fromMs: number, toMs: number] | undefined,
  detections: readonly Detection[],
  events: readonly Event[],
): Check[] {
  return attacks.map(({ scenario, attackers, stages }, i) => {
    const [attacker] = attackers;
    const isHit =
      killed !== undefined && killed[1] >= stages[0].startMs && killed[0] < stages[0].startMs + toldAfterMs;
    const note = isHit ? ', though killed meanwhile' : '';
    const finder = finders[scenario];
    if (finder !== undefined) {
      const rows = detections.filter(
        (each) => each.statement === finder && each.attacker === attacker,
      ).length;
      return {
        what: `${scenario} ${i + 1} by ${attacker}: ${rows} rows of ${finder}${note}`,
        passed: rows > 0,
      };
    }
    const wanted = new Set(stages.find(({ stage }) => stage === 'bruteForce')?.targets ?? []);
    const found = new Set(
      events.filter(({ sources }) => sources.includes(attacker)).flatMap(({ targets }) => targets),
    );
    const passed = found.size === wanted.size && [...wanted].every((target) => found.has(target));
    return {
      what: `${scenario} ${i + 1} by ${attacker}: ${found.size} of ${wanted.size} targets named${note}`,
      passed,
    };
  });
}

function foreignCheck(attacks: readonly Attack[], events: readonly Event[]): Check {
  const known = new Set(
    attacks.filter(({ scenario }) => scenario === 'multi-stage-http').flatMap(({ attackers }) => attackers),
  );
  const foreign = events.flatMap(({ sources }) => sources).filter((source) => !known.has(source));
  return { what: `nobody else reported (${events.length} events)`, passed: foreign.length === 0 };
}

function missingCheck(
  name: string,
  seen: ReadonlyMap<string, string>,
  kept: readonly { readonly id: string }[],
): Check {
  const there = new Map(kept.map((item) => [item.id, JSON.stringify(item)]));
  const missing = [...seen].filter(([id, text]) => there.get(id) !== text).length;
  return {
    what: `of ${seen.size} ${name} that the API had shown ${missing} are missing`,
    passed: seen.size > 0 && missing === 0,
  };
}

/** Once the windows are full, a run needs no more memory at its end than before. */
function memoryCheck(samples: readonly MemorySample[], run: number): Check[] {
  const full = samples.filter(({ atMs }) => atMs >= windowsFullMs).map(({ octets }) => octets);
  if (full.length < minMemorySamples) return [];
  const [, second, , last] = quarters(full);
  return [
    {
      what: `memory of run ${run + 1} is flat once the windows are full: ${megabytes(second)} in the second quarter, ${megabytes(last)} in the last`,
      passed: last <= second * flatFactor,
    },
  ];
}

/** The median of each. */
const quarters = (samples: readonly number[]): number[] =>
  [0, 1, 2, 3].map((quarter) =>
    quantile(
      samples.slice(
        Math.floor((quarter * samples.length) / 4),
        Math.floor(((quarter + 1) * samples.length) / 4),
      ),
      0.5,
    ),
  );

const megabytes = (octets: number): string => `${Math.round(octets / 1e6)} MB`;

function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
