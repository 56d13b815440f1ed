import { describe, expect, it } from 'vitest';
import { FalsePositives } from '../../src/conversation/false-positives.ts';

describe('false positives', () => {
  it('are counted by statement and partner, the latest last', () => {
    const counts = new FalsePositives(10);
    counts.add('scan.epl#Scan', 'isp-b.example', 1);
    counts.add('scan.epl#Scan', 'isp-c.example', 2);
    counts.add(undefined, 'isp-b.example', 3);
    counts.add('scan.epl#Scan', 'isp-b.example', 4);
    expect(counts.counts()).toEqual([
      { rule: 'scan.epl#Scan', partner: 'isp-c.example', count: 1, lastMs: 2 },
      { partner: 'isp-b.example', count: 1, lastMs: 3 },
      { rule: 'scan.epl#Scan', partner: 'isp-b.example', count: 2, lastMs: 4 },
    ]);
  });

  it('are counted of a bounded number of pairs', () => {
    const counts = new FalsePositives(2);
    for (const rule of ['a', 'b', 'a', 'c']) counts.add(rule, 'isp-b.example', 1);
    expect(counts.counts().map(({ rule, count }) => [rule, count])).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
  });
});
