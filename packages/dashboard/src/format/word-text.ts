import type { EventType } from '../api/api-types.ts';

const kinds: Readonly<Record<EventType, string>> = {
  cuC: 'command and control',
  dDoS: 'denial of service',
  other: 'other',
  scan: 'scan',
  bruteForce: 'brute force',
  spam: 'spam',
  botInfection: 'bot infection',
  amplifier: 'amplifier',
  dataExfiltration: 'exfiltration',
};

/** The type of an event in words. */
export const kindText = (kind: EventType) => kinds[kind];

/** 1 flow, 2 flows. */
export const countOf = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
