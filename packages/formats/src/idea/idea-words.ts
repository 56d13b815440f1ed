import type { EventType } from '@flowpact/event';

/** `Category` (IDEA classification of events) for a type of event. */
export const categories: Readonly<Record<EventType, string>> = {
  cuC: 'Intrusion.Botnet',
  dDoS: 'Availability.DDoS',
  other: 'Other',
  scan: 'Recon.Scanning',
  bruteForce: 'Attempt.Login',
  spam: 'Abusive.Spam',
  botInfection: 'Malware',
  amplifier: 'Vulnerable.Config',
  dataExfiltration: 'Information.UnauthorizedAccess',
};

/** The types near the categories that are not among those above, by their first part. */
export const typeOfCategoryFamily: Readonly<Record<string, EventType>> = {
  abusive: 'spam',
  malware: 'botInfection',
  recon: 'scan',
  attempt: 'bruteForce',
  availability: 'dDoS',
  information: 'dataExfiltration',
  vulnerable: 'amplifier',
};

/** `Source.Type`, `Target.Type`, where IDEA has a word of its own for a role. */
export const roleTags: ReadonlyMap<string, string> = new Map([
  ['c2', 'CC'],
  ['bot', 'Botnet'],
]);

export const tagPattern = /^[a-zA-Z0-9_-]+$/;
