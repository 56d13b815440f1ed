import { describe, expect, it } from 'vitest';
import { parseSamplingRule, samplingOf } from '../../src/collect/sampling-rule.ts';

describe('sampling by configuration', () => {
  const rule = parseSamplingRule(['100', '192.0.2.1=1000', '2001:DB8:0::1=50.5']);

  it.each([
    ['192.0.2.1', { fixedRate: 1000 }],
    ['2001:db8::1', { fixedRate: 50.5 }],
    ['192.0.2.2', { defaultRate: 100 }],
    [undefined, { defaultRate: 100 }],
  ])('of %s is %j', (address, config) => {
    expect(samplingOf(rule, address)).toEqual(config);
  });

  it('is left to the exporter where nothing is said', () => {
    expect(samplingOf(parseSamplingRule([]), '192.0.2.1')).toBeUndefined();
  });

  it.each(['', '0', '0.5', '-1', 'x', '192.0.2=5', '192.0.2.1=', '192.0.2.1=0', '1=2=3'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseSamplingRule([text])).toThrow(/--sampling takes 1000/);
    },
  );
});
