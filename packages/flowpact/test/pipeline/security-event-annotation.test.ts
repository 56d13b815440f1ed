import { compile } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { evidenceLimit, securityEventMapping } from '../../src/pipeline/security-event-annotation.ts';

function statement(annotation: string) {
  const result = compile(
    `create schema Flow(src string, dst string, port int);
     @Name('Scan') ${annotation} select src as Attacker, port as Port, count(*) as Flows from Flow#time_batch(1 min) group by src, port;`,
  );
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.module.statements[1];
}

describe('@SecurityEvent', () => {
  it('is read with all its attributes', () => {
    const annotated = statement(
      `@SecurityEvent(type='scan', source='Attacker', targetPort='Port', protocol=6, flows='Flows', severity='high',
        confidence=90, tlp='amber', classification={'rsit:information-gathering:scanner', 'mitre-attack:T1046'},
        text='{Attacker}!', evidence=7)`,
    );
    expect(securityEventMapping(annotated)).toEqual({
      type: 'scan',
      source: 'Attacker',
      targetPort: 'Port',
      protocol: 6,
      flows: 'Flows',
      severity: 'high',
      confidence: 90,
      tlp: 'amber',
      classifications: [
        { scheme: 'rsit', value: 'information-gathering:scanner' },
        { scheme: 'mitre-attack', value: 'T1046' },
      ],
      text: '{Attacker}!',
      evidence: 7,
    });
    expect(evidenceLimit(annotated)).toBe(7);
  });

  it('is not needed', () => {
    expect(securityEventMapping(statement(''))).toBeUndefined();
    expect(evidenceLimit(statement(''))).toBe(0);
  });

  it('carries 100 flows unless it says otherwise, and at most 10,000', () => {
    expect(evidenceLimit(statement("@SecurityEvent(type='scan')"))).toBe(100);
    expect(evidenceLimit(statement("@SecurityEvent(type='scan', evidence=1000000)"))).toBe(10_000);
  });

  it.each([
    [
      "@SecurityEvent(source='Attacker')",
      /statement Scan: @SecurityEvent\(type=…\) is required: one of cuC, /,
    ],
    ["@SecurityEvent(type='scam')", /must be one of: cuC, dDoS/],
    [
      "@SecurityEvent(type='scan', source='Atacker')",
      /\(source=…\) must name a column of the row; it has: Attacker, Port, Flows/,
    ],
    ["@SecurityEvent(type='scan', confidence=101)", /integer from 0 to 100/],
    ["@SecurityEvent(type='scan', confidence='high')", /integer from 0 to 100/],
    ["@SecurityEvent(type='scan', sorce='Attacker')", /\(sorce=…\) is not known; known are: source/],
    ["@SecurityEvent(type='scan', classification='rsit')", /'scheme:value'/],
    ["@SecurityEvent(type='scan', evidence=20000)", /integer from 0 to 10000/],
    ["@SecurityEvent(type='scan', text=5)", /must be a string/],
  ])('is refused with the place: %s', (annotation, message) => {
    expect(() => securityEventMapping(statement(annotation))).toThrow(message);
  });
});
