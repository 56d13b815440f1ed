import type { EventType } from '@flowpact/event';

/** What common sensors, their rules and analysts write, and what it means here. */
const typePatterns: readonly (readonly [RegExp, EventType])[] = [
  [/c&c|\bc2\b|\bcnc\b|command.(and|&).control/i, 'cuC'],
  [/amplif|reflect/i, 'amplifier'],
  [/\bd?dos\b|denial.of.service|flood/i, 'dDoS'],
  [/scan|sweep|recon/i, 'scan'],
  [/brute.?force|login|password/i, 'bruteForce'],
  [/spam/i, 'spam'],
  [/\bbot|trojan|worm|malware/i, 'botInfection'],
  [/exfiltrat|leak/i, 'dataExfiltration'],
];

/** The type of event that a text in words speaks of; undefined where it speaks of none. */
export function typeOfWords(text: string): EventType | undefined {
  return typePatterns.find(([pattern]) => pattern.test(text))?.[1];
}
