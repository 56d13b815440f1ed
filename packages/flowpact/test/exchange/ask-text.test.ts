import type { SecurityEvent } from '@flowpact/event';
import { actions } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { parseAsk } from '../../src/exchange/ask-text.ts';

const event: SecurityEvent = {
  type: 'bruteForce',
  sources: [{ address: '203.0.113.7' }],
  targets: [{ address: '192.0.2.10', protocol: 6, ports: [{ low: 22 }] }, { name: 'mail.example' }],
};
const hour = { lifetimeMs: 3_600_000 };

describe('what a partner is asked for', () => {
  it('is of the sources of the event, unless it goes by destination', () => {
    expect(parseAsk('block', hour, event)).toEqual({ action: 'block', lifetimeSeconds: 3_600 });
    expect(parseAsk('rateLimit=125000', hour, event)).toEqual({
      ...{ action: 'rateLimit', lifetimeSeconds: 3_600, octetsPerSecond: 125_000 },
    });
    for (const action of ['blackhole', 'redirect']) {
      expect(parseAsk(action, hour, event)).toEqual({
        ...{ action, lifetimeSeconds: 3_600, scope: [{ address: '192.0.2.10' }] },
      });
    }
    expect(parseAsk('confirm', hour, event)).toEqual({ action: 'confirm' });
  });

  it('is of what is said', () => {
    const scope = ['203.0.113.0/28', '2001:db8::7'];
    const said = [
      { address: '203.0.113.0', prefixLength: 28 },
      { address: '2001:db8::7', prefixLength: 128 },
    ];
    for (const action of actions) {
      const text = action === 'rateLimit' ? 'rateLimit=1' : action;
      expect(parseAsk(text, { ...hour, scope }, { type: 'other' })).toMatchObject({ action, scope: said });
    }
  });

  it('lasts a whole second at least', () => {
    expect(parseAsk('block', { lifetimeMs: 250 }, event)).toMatchObject({ lifetimeSeconds: 1 });
  });

  it.each([
    [
      'drop',
      hour,
      'nothing that a partner can be asked for; there are: moreFlows, confirm, block, rateLimit=',
    ],
    ['rateLimit', hour, 'nothing that a partner'],
    ['rateLimit=0', hour, 'nothing that a partner'],
    ['block=5', hour, 'nothing that a partner'],
    ['block', {}, 'block for how long? Say it with --for'],
    ['block', { ...hour, scope: ['everybody'] }, '"everybody" is no address and no network'],
  ])('%s with %o is refused', (text, terms, why) => {
    expect(() => parseAsk(text, terms, event)).toThrow(why);
  });

  it('is of something', () => {
    expect(() => parseAsk('block', hour, { type: 'other' })).toThrow('names no source');
    expect(() => parseAsk('blackhole', hour, { type: 'other', targets: [{ name: 'a' }] })).toThrow(
      'names no target',
    );
  });
});
