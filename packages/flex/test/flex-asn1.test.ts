import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EnumeratedCodec } from '../src/der/enumerated.ts';
import { severityCodec, tlpCodec } from '../src/module/detection.ts';
import { actionCodec, outcomeStatusCodec } from '../src/module/exchange.ts';
import { anonTechniqueCodec, samplingAlgorithmCodec } from '../src/module/flow-field-types.ts';
import { eventTypeCodec, flowTypeCodec, flowVersionCodec, msgTypeCodec } from '../src/module/settings.ts';
import { haveSharedSamples, sharedSample } from './shared-samples.ts';

const published = readFileSync(new URL('../flex.asn1', import.meta.url), 'utf8');

const enumerations: Record<string, EnumeratedCodec<string>> = {
  MsgType: msgTypeCodec,
  EventType: eventTypeCodec,
  FlowType: flowTypeCodec,
  FlowVersion: flowVersionCodec,
  AnonTechnique: anonTechniqueCodec,
  SamplingAlgorithm: samplingAlgorithmCodec,
  Severity: severityCodec,
  Tlp: tlpCodec,
  Action: actionCodec,
  OutcomeStatus: outcomeStatusCodec,
};

describe('flex.asn1, the published module', () => {
  it.skipIf(!haveSharedSamples)('is the reference module (skipped without ../shared/flex)', () => {
    expect(published).toBe(Buffer.from(sharedSample('flex.asn1')).toString('utf8'));
  });

  const texts = new Map(
    [...published.matchAll(/^(\w+)\s*::= ENUMERATED \{([^}]*)\}/gm)].map(([, name, body]) => [name, body]),
  );

  it('has the enumerations of the codec, and no others', () => {
    expect([...texts.keys()].sort()).toEqual(Object.keys(enumerations).sort());
  });

  it.each(Object.entries(enumerations))('numbers the words of %s as the codec does', (name, { words }) => {
    const numbered = [...texts.get(name)!.matchAll(/(\w+)\((\d+)\)/g)].map(([, word, number]) => [
      Number(number),
      word,
    ]);
    expect(numbered).toEqual([...words.entries()]);
  });

  it('is quoted type by type in the source', () => {
    const source = [
      'settings',
      'field-type',
      'flow-field-types',
      'detection',
      'endpoint',
      'exchange',
      'field-value',
      'flow-row',
      'correlated-flows',
      'flex-record',
      'constrained-types',
    ]
      .map((file) => readFileSync(new URL(`../src/module/${file}.ts`, import.meta.url), 'utf8'))
      .join('\n');
    const quoted = squeeze(source.replaceAll(/^ \* ?/gm, '').replaceAll(/^\/\/ /gm, ''));
    const body = published.slice(published.indexOf('BEGIN') + 5, published.lastIndexOf('END'));
    const types = body
      .split(/\n(?=\w+\s*::=)/)
      .slice(1)
      .flatMap((text) => squeeze(text.replace(/\n\s*\n[\s\S]*|\n--[\s\S]*/, '')));
    expect(types.length).toBeGreaterThan(40);
    for (const type of types) expect(quoted).toContain(type);
  });
});

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
