import {
  createBiflowSplitter,
  createFlowDecoder,
  createLineReader,
  createMessageFramer,
  createObjectReader,
  type DecoderLimits,
  describeAccounting,
  type FieldForm,
  type FlowDecoder,
  IpfixError,
  prometheusText,
  type RecordReader,
  type RememberedDomain,
  type TemplateMemory,
} from '../../src/index.ts';
import { allElements, corpus } from './corpus.ts';
import { mutate } from './mutate.ts';
import { createRandom, type Random } from './random.ts';

/** Small, so that the limits are reached. */
const limits: DecoderLimits = {
  maxDomains: 4,
  maxTemplatesPerDomain: 8,
  maxFieldsPerTemplate: 200,
  maxFieldsPerSession: 400,
  maxParkedSets: 20,
  maxParkedBytes: 4000,
  maxParkedSeconds: 100,
  maxLearnedNames: 10,
  maxLearnedElements: 10,
  maxListDepth: 3,
  maxListValues: 1000,
};

/** Mutated messages that one decoder reads before it is replaced. */
const casesPerDecoder = 50;

function objectReader(form: FieldForm): RecordReader {
  const fields = allElements.map(({ pen, id }) => ({
    name: `${pen}:${id}`,
    elements: [{ pen, id }],
    as: form,
  }));
  return createObjectReader({ fields, kinds: ['data', 'options'], recordClass: Object }, { onRecord() {} });
}

function lineReader(style: 'ipfixcol' | 'flowpact', random: Random): RecordReader {
  return createLineReader(
    { style, timeShiftMs: () => 1, extras: { sampling: true, names: true } },
    {
      onLine(line) {
        // Parsing costs more than all the rest, so that a sample has to do.
        if (random.below(16) === 0) JSON.parse(line);
      },
    },
  );
}

/** What must hold after any message. */
function checkBounds(decoder: FlowDecoder): void {
  const templates = decoder.templates();
  // Versions without templates have one of ours.
  const learned = templates.filter(({ version }) => version >= 9);
  const fields = learned.reduce((sum, template) => sum + template.fields.length, 0);
  const { domains, parkedBytes } = decoder.stats;
  if (parkedBytes > limits.maxParkedBytes || parkedBytes < 0) throw new Error(`${parkedBytes} octets parked`);
  if (domains.size > limits.maxDomains) throw new Error(`${domains.size} domains`);
  if (fields > limits.maxFieldsPerSession) throw new Error(`${fields} fields`);
  if (templates.length > limits.maxDomains * limits.maxTemplatesPerDomain) {
    throw new Error(`${templates.length} templates`);
  }
}

/** Cuts the octets into chunks and frames them; anything but an IpfixError is a fault of ours. */
function frame(octets: Uint8Array, random: Random, decoder: FlowDecoder): void {
  const framer = createMessageFramer({}, { onMessage: (message) => decoder.decode(message) });
  try {
    for (let at = 0; at < octets.length; ) {
      const length = 1 + random.below(100);
      framer.push(octets.subarray(at, at + length));
      at += length;
    }
    framer.end();
  } catch (error) {
    if (!(error instanceof IpfixError)) throw error;
  }
}

export interface FuzzResult {
  readonly cases: number;
  readonly records: number;
  readonly malformed: number;
}

/**
 * Gives mutated messages to decoders with readers of all kinds, some of them through a framer.
 *
 * @param cases number of mutated messages
 * @param seed the same seed gives the same cases
 * @throws what a decoder threw, with the number of the case and its octets
 */
export function fuzz(cases: number, seed: number): FuzzResult {
  const random = createRandom(seed);
  const oneDirection = [
    ...(['native', 'number', 'text', 'scaled', 'name'] as const).map(objectReader),
    ...(['ipfixcol', 'flowpact'] as const).map((style) => lineReader(style, random)),
  ];
  const readers = [...oneDirection, ...oneDirection.map(createBiflowSplitter)];
  /** What is restored has been mutated as well. */
  let remembered: readonly RememberedDomain[] = [];
  const templateMemory: TemplateMemory = {
    load: () => remembered,
    save(_exporter, domain) {
      remembered = [domain, ...remembered].slice(0, 4);
    },
  };
  const openDecoder = () =>
    createFlowDecoder(
      { limits, exporter: 'a' },
      { reader: random.pick(readers), onIssue() {}, clock: { now: () => 1_700_000_000_000 }, templateMemory },
    );
  let decoder = openDecoder();
  let records = 0;
  let malformed = 0;

  function addUp({ stats }: FlowDecoder): void {
    records += stats.records + stats.optionsRecords;
    malformed += stats.malformedMessages + stats.malformedSets;
  }

  for (let i = 0; i < cases; i++) {
    if (i % casesPerDecoder === 0) {
      addUp(decoder);
      const accounting = [{ exporter: 'a', stats: decoder.stats }];
      describeAccounting(accounting);
      prometheusText(accounting);
      decoder = openDecoder();
    }
    const octets = mutate(random.pick(corpus), random.pick(corpus), random);
    try {
      if (random.below(8) === 0) frame(octets, random, decoder);
      else decoder.decode(octets);
      checkBounds(decoder);
    } catch (cause) {
      throw new Error(`case ${i} of seed ${seed}: ${Buffer.from(octets).toString('hex')}`, { cause });
    }
  }
  addUp(decoder);
  return { cases, records, malformed };
}
