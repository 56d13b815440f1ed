import { createReplayer, createTcpExporter, type MessageExporter, systemClock } from '@flowpact/ipfix';
import { type Attack, type ExportedFlow, exportTraffic, generateTraffic, type ScenarioName } from 'flowpact';

/** When, after its beginning, an attack has been told of: its stages take four minutes, its windows two more. */
export const toldAfterMs = 6.5 * 60_000;
const attackEveryMs = 7 * 60_000;
const firstAttackMs = 60_000;
/** Beside each attack in several stages, so much later. */
const besides: readonly (readonly [ScenarioName, number])[] = [
  ['horizontal-scan', 20_000],
  ['http-brute-force', 40_000],
];

export interface SoakTraffic {
  readonly attacks: readonly Attack[];
  readonly startMs: number;
  readonly durationMs: number;
  /** In the order of their export. */
  messages(): Iterable<Uint8Array>;
}

/** Everyday traffic with labelled attacks; between two of them there is half a minute without any. */
export function soakTraffic(durationMs: number, flowsPerSecond: number): SoakTraffic {
  const startMs = Math.floor(Date.now() / 1000) * 1000;
  const count = Math.max(1, Math.floor((durationMs - firstAttackMs - toldAfterMs) / attackEveryMs) + 1);
  const starts = Array.from({ length: count }, (_, i) => startMs + firstAttackMs + i * attackEveryMs);
  const { truth, flows } = generateTraffic({
    seed: 3,
    ...{ startMs, durationMs, flowsPerSecond },
    attacks: starts.flatMap((attackMs) => [
      { scenario: 'multi-stage-http' as const, startMs: attackMs },
      ...besides.map(([scenario, afterMs]) => ({ scenario, startMs: attackMs + afterMs })),
    ]),
  });
  return {
    attacks: truth.attacks,
    startMs,
    durationMs,
    messages: () => exportTraffic(until(flows, (startMs + durationMs) / 1000)),
  };
}

/** Without those that are exported later: long flows of which one comes now and then. */
function* until(flows: Iterable<ExportedFlow>, exportTime: number): Generator<ExportedFlow> {
  for (const flow of flows) {
    if (flow.exportTime > exportTime) return;
    yield flow;
  }
}

export interface Sender {
  /** Resolves when all has been sent. */
  readonly done: Promise<void>;
  /** Messages that a connection took. */
  readonly messages: number;
  /** Messages that were lost while nobody listened. */
  readonly lostMessages: number;
  stop(): Promise<void>;
}

/** Sends at the traffic's own pace, so many times as fast; a connection that breaks is opened anew. @param port Asked for each. */
export function sendTraffic(traffic: SoakTraffic, speed: number, port: () => number | undefined): Sender {
  const controller = new AbortController();
  let exporter: MessageExporter | undefined;
  let templates: Uint8Array | undefined;
  let messages = 0;
  let lostMessages = 0;

  async function send(message: Uint8Array): Promise<void> {
    templates ??= templateSets(message);
    const at = port();
    try {
      if (exporter === undefined) {
        if (at === undefined) throw new Error('nobody listens');
        const opened = createTcpExporter({ host: '127.0.0.1', port: at });
        await opened.start();
        // RFC 7011, section 10.4.2: templates are of one connection.
        if (messages > 0) await opened.send(withHeaderOf(message, templates));
        exporter = opened;
      }
      await exporter.send(message);
      messages++;
    } catch {
      await exporter?.stop().catch(() => undefined);
      exporter = undefined;
      lostMessages++;
    }
  }

  const replayer = createReplayer(
    { passes: 1, realTime: speed },
    {
      messages: async function* () {
        for (const message of traffic.messages()) yield [message];
      },
      send,
      clock: systemClock,
    },
  );
  return {
    done: replayer.run(controller.signal).then(async () => {
      await exporter?.stop();
    }),
    get messages() {
      return messages;
    },
    get lostMessages() {
      return lostMessages;
    },
    async stop() {
      controller.abort();
      await exporter?.stop().catch(() => undefined);
    },
  };
}

const headerOctets = 16;

/** The template sets of a message (ids 2 and 3, RFC 7011 section 3.3.2). */
function templateSets(message: Uint8Array): Uint8Array {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const sets: Uint8Array[] = [];
  for (let at = headerOctets; at + 4 <= message.length; at += view.getUint16(at + 2)) {
    if (view.getUint16(at) <= 3) sets.push(message.subarray(at, at + view.getUint16(at + 2)));
  }
  return Buffer.concat(sets);
}

/** Sets as a message before another one: of its time, and with its sequence number, since templates are not counted. */
function withHeaderOf(message: Uint8Array, sets: Uint8Array): Uint8Array {
  const made = Buffer.concat([message.subarray(0, headerOctets), sets]);
  made.writeUInt16BE(made.length, 2);
  return made;
}
