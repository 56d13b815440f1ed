import { resolve } from 'node:path';
import { addressToOctets, type EventType, type SecurityEvent } from '@flowpact/event';
import { createFlowDecoder } from '@flowpact/ipfix';
import {
  compileMatch,
  createMemoryReplay,
  createPlanner,
  createRails,
  defaultPlanner,
  defaultRails,
  type Plan,
  type ReadFlow,
  type Rule,
  readFlow,
  type TimedFlow,
} from '@flowpact/response';
import { addressPlan, addressText, outsideHost } from '../../src/generate/address-plan.ts';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { completeConnection, flow, type GeneratedFlow } from '../../src/generate/flow.ts';
import { createRandom, type Random } from '../../src/generate/random.ts';
import { type ScenarioName, scenarios } from '../../src/generate/scenarios/scenarios.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';
import { createDetector } from '../../src/pipeline/detector.ts';
import { compileModuleFile } from '../../src/pipeline/module-file.ts';
import { securityEventsOf } from '../../src/pipeline/security-event.ts';
import { evidenceLimit, securityEventMapping } from '../../src/pipeline/security-event-annotation.ts';

export const seed = 1;
const startMs = Date.UTC(2026, 0, 1);
const durationMs = 8 * 60_000;
const flowsPerSecond = 50;
/** Of what is attacked, and of who is behind it. */
const clients = 40;
/** Flows that travel with an event that is made by hand, as with one of a statement. */
const evidenceFlows = 100;

/** How a statement would tell of a scenario: what of it it names. */
interface HandMade {
  readonly type: EventType;
  readonly names: readonly ('source' | 'target')[];
}

const bruteForce: HandMade = { type: 'bruteForce', names: ['source', 'target'] };
const amplification: HandMade = { type: 'dDoS', names: ['source', 'target'] };
const handMade: Readonly<Record<Exclude<ScenarioName, 'multi-stage-http'>, HandMade>> = {
  'horizontal-scan': { type: 'scan', names: ['source', 'target'] },
  'vertical-scan': { type: 'scan', names: ['source', 'target'] },
  'ssh-brute-force': bruteForce,
  'rdp-brute-force': bruteForce,
  'http-brute-force': bruteForce,
  // Its sources are forged and as many as its flows: a statement counts by target.
  'syn-flood': { type: 'dDoS', names: ['target'] },
  'dns-amplification': amplification,
  'ntp-amplification': amplification,
  'c2-beaconing': { type: 'cuC', names: ['source', 'target'] },
  'dns-tunnel': { type: 'dataExfiltration', names: ['source', 'target'] },
  'worm-spread': { type: 'botInfection', names: ['source', 'target'] },
  exfiltration: { type: 'dataExfiltration', names: ['source', 'target'] },
};

interface LabelledFlow {
  readonly read: ReadFlow;
  readonly isAttack: boolean;
}

export interface Trial {
  readonly scenario: ScenarioName;
  /** The statement that found it; left out: the event was made by hand. */
  readonly foundBy?: string;
  readonly events: readonly SecurityEvent[];
  readonly plans: readonly Plan[];
  /** Rules that nothing is against, of all plans. */
  readonly rules: readonly Rule[];
  /** What they hit, by the labels: packets of the attack, and flows of everybody else. */
  readonly attackPackets: { readonly hit: number; readonly all: number };
  readonly others: { readonly flows: number; readonly hosts: number; readonly octets: number };
  /** Of those, clients of the target. */
  readonly clientsHit: number;
}

/** Tries what would be proposed against a scenario on labelled traffic. */
export async function tryScenario(scenario: ScenarioName): Promise<Trial> {
  const attack = attackFlows(scenario);
  const { flows, clientHosts } = labelled(scenario, attack);
  const events =
    scenario === 'multi-stage-http' ? await detected(scenario) : byHand(handMade[scenario], attack);
  const nowMs = startMs + durationMs;
  const clock = { now: () => nowMs };
  const emitter = { name: 'any', objection: () => undefined };
  const plan = createPlanner(
    {
      ...defaultPlanner,
      playbook: [{ level: 'approve', emitters: ['any'], actions: [{ kind: 'drop' }, { kind: 'blackhole' }] }],
    },
    {
      emitters: [emitter],
      rails: createRails(defaultRails, { clock }),
      clock,
      replay: createMemoryReplay(flows.map(({ read }) => read.flow as TimedFlow)),
    },
  );
  const plans: Plan[] = [];
  for (const event of events) plans.push(...(await plan({ event, origin: { kind: 'event' } })));
  const rules = plans
    .map(({ candidates, chosen }) => candidates[chosen])
    .filter(({ refusal }) => refusal === undefined)
    .map(({ rule }) => rule);
  const foundBy = events[0].detector?.rule;
  return { scenario, ...(foundBy && { foundBy }), events, plans, rules, ...truth(rules, flows, clientHosts) };
}

function attackFlows(scenario: ScenarioName): readonly GeneratedFlow[] {
  // As generateTraffic makes the one attack of its traffic.
  const config = { startMs: startMs + 60_000 };
  return scenarios[scenario](config, createRandom(seed).fork('attack')).flows;
}

/** The same for every scenario. */
const everyday: readonly LabelledFlow[] = [
  ...generateTraffic({ seed, startMs, durationMs, flowsPerSecond, attacks: [] }).flows,
].map((each) => ({ read: readOf(each.flow), isAttack: false }));

function labelled(scenario: ScenarioName, attack: readonly GeneratedFlow[]) {
  const ofClients = clientFlows(scenario, attack[0], createRandom(seed).fork('clients'));
  const read = (isAttack: boolean) => (each: GeneratedFlow) => ({ read: readOf(each), isAttack });
  return {
    flows: [...attack.map(read(true)), ...ofClients.map(read(false)), ...everyday],
    clientHosts: new Set(ofClients.map(({ source }) => addressText(source))),
  };
}

/**
 * Whom a careless rule would hit: hosts outside that use what is attacked inside, or that answer what the victim of an
 * amplification asks itself.
 */
function clientFlows(scenario: ScenarioName, one: GeneratedFlow, random: Random): readonly GeneratedFlow[] {
  const { first, prefixLength } = addressPlan.inside;
  const isInside = Math.floor((one.destination - first) / 2 ** (32 - prefixLength)) === 0;
  if (!isInside) return [];
  return Array.from({ length: clients }, (_, i) => {
    const at = startMs + (i * durationMs) / clients;
    const common = {
      source: outsideHost(random),
      destination: one.destination,
      startMs: at,
      endMs: at + 2000,
    };
    const packets = random.between(8, 40);
    return one.kind === 'udp'
      ? flow({
          ...common,
          kind: 'udp',
          sourcePort: one.sourcePort,
          destinationPort: random.between(32_768, 60_999),
          packets: 1,
          octets: random.between(76, 480),
        })
      : flow({
          ...common,
          kind: 'tcp',
          sourcePort: random.between(32_768, 60_999),
          destinationPort: scenario === 'vertical-scan' ? 443 : one.destinationPort,
          packets,
          octets: packets * random.between(100, 1000),
          tcpFlags: completeConnection,
        });
  });
}

function readOf(each: GeneratedFlow): ReadFlow {
  const timed: TimedFlow = {
    source: addressText(each.source),
    destination: addressText(each.destination),
    protocol: { icmp: 1, udp: 17, tcp: 6, http: 6 }[each.kind],
    sourcePort: each.sourcePort,
    destinationPort: each.destinationPort,
    tcpFlags: each.tcpFlags,
    packets: each.packets,
    octets: each.octets,
    flows: 1,
    startMs: each.startMs,
  };
  const read = readFlow(timed);
  if (read === undefined) throw new Error(`no flow: ${JSON.stringify(timed)}`);
  return read;
}

/** What the rules that ship find, all the way from IPFIX. */
async function detected(scenario: ScenarioName): Promise<readonly SecurityEvent[]> {
  const file = resolve(import.meta.dirname, '../../../../rules', scenario, `${scenario}.epl`);
  const detector = createDetector({ module: await compileModuleFile(file, { evidence: evidenceLimit }) });
  const events: SecurityEvent[] = [];
  for (const statement of detector.statements) {
    const mapping = securityEventMapping(statement);
    if (mapping === undefined) continue;
    detector.onDetections([statement], (detections) => {
      events.push(...securityEventsOf(detections, mapping, detector.flowFields, { name: 'flowpact' }));
    });
  }
  const decoder = createFlowDecoder({}, { reader: detector.recordReader() });
  const { flows } = generateTraffic({ seed, startMs, durationMs, flowsPerSecond, attacks: [{ scenario }] });
  for (const message of exportTraffic(flows)) decoder.decode(message);
  return events.slice(0, 1);
}

/** An event for each source, as statements that name one make; else one. */
function byHand({ type, names }: HandMade, attack: readonly GeneratedFlow[]): readonly SecurityEvent[] {
  const inOrder = attack.toSorted((a, b) => a.startMs - b.startMs);
  const sources = [...new Set(inOrder.map(({ source }) => source))];
  const groups =
    names.includes('source') && type !== 'dDoS'
      ? sources.map((source) => inOrder.filter((each) => each.source === source))
      : [inOrder];
  return groups.map((flows) => {
    const evidence = flows.slice(0, evidenceFlows).map(readOf);
    const ends = (end: 'source' | 'destination') =>
      [...new Set(evidence.map(({ flow: each }) => each[end]))].map((address) => ({ address }));
    return {
      type,
      startMs: flows[0].startMs,
      endMs: flows[0].startMs + 60_000,
      ...(names.includes('source') && { sources: ends('source') }),
      ...(names.includes('target') && { targets: ends('destination') }),
      flows: {
        layout: { columns: [8, 12, 4, 7, 11, 6, 2, 1].map((id) => ({ kind: 'iana', id })) },
        groups: [
          {
            relation: 'evidence',
            rows: evidence.map(({ flow: each }) => [
              addressToOctets(each.source),
              addressToOctets(each.destination),
              ...([each.protocol, each.sourcePort, each.destinationPort, each.tcpFlags] as number[]),
              each.packets,
              each.octets,
            ]),
          },
        ],
      },
    };
  });
}

/** By the labels, which nothing of what was proposed has seen. */
function truth(rules: readonly Rule[], flows: readonly LabelledFlow[], clientHosts: ReadonlySet<string>) {
  const tests = rules.map(({ match }) => compileMatch(match));
  const attackPackets = { hit: 0, all: 0 };
  const others = { flows: 0, octets: 0 };
  const hosts = new Set<string>();
  const hitClients = new Set<string>();
  for (const { read, isAttack } of flows) {
    const hits = tests.map((test) => test(read));
    if (isAttack) {
      attackPackets.all += read.flow.packets;
      if (hits.includes('yes')) attackPackets.hit += read.flow.packets;
    } else if (hits.some((hit) => hit !== 'no')) {
      others.flows += 1;
      others.octets += read.flow.octets;
      hosts.add(read.flow.source);
      if (clientHosts.has(read.flow.source)) hitClients.add(read.flow.source);
    }
  }
  return { attackPackets, others: { ...others, hosts: hosts.size }, clientsHit: hitClients.size };
}
