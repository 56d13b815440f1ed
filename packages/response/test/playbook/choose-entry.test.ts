import { describe, expect, it } from 'vitest';
import { chooseEntry } from '../../src/playbook/choose-entry.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';

const emitters = ['border'];
const playbook: Playbook = [
  { eventTypes: ['scan'], level: 'off', emitters },
  { eventTypes: ['dDoS'], minConfidence: 80, level: 'auto', emitters },
  { from: ['high'], asks: ['block', 'rateLimit'], level: 'auto', emitters },
  { from: ['low', 'medium', 'high'], level: 'approve', emitters },
  { level: 'propose', emitters },
];
const chosen = (occasion: Parameters<typeof chooseEntry>[1]) => {
  const entry = chooseEntry(playbook, occasion);
  return entry && playbook.indexOf(entry);
};

describe('chooseEntry', () => {
  it('takes the first that fits', () => {
    expect(chosen({ event: { type: 'scan', confidence: 100 }, from: 'own' })).toBe(0);
    expect(chosen({ event: { type: 'dDoS', confidence: 80 }, from: 'own' })).toBe(1);
    expect(chosen({ event: { type: 'dDoS', confidence: 79 }, from: 'own' })).toBe(4);
  });

  it('takes no confidence for none', () => {
    expect(chosen({ event: { type: 'dDoS' }, from: 'own' })).toBe(4);
  });

  it('keeps requests and what we found ourselves apart, and requests by trust', () => {
    expect(chosen({ event: { type: 'dDoS', confidence: 90 }, from: 'high', asks: ['block'] })).toBe(2);
    expect(chosen({ event: { type: 'dDoS', confidence: 90 }, from: 'high', asks: ['blackhole'] })).toBe(3);
    expect(chosen({ event: { type: 'scan' }, from: 'low', asks: ['block'] })).toBe(3);
    expect(chosen({ event: { type: 'scan' }, from: 'none', asks: ['block'] })).toBeUndefined();
  });

  it('says nothing where nothing is said', () => {
    expect(chooseEntry([], { event: { type: 'scan' }, from: 'own' })).toBeUndefined();
  });
});
