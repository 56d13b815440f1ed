import { actions as askActions, type EventType, eventTypes } from '@flowpact/event';
import { ResponseError } from '../response-error.ts';
import { normalRule } from '../rule/normal-rule.ts';
import type { Playbook, PlaybookEntry } from './playbook.ts';

const origins = ['own', 'none', 'low', 'medium', 'high'];
const levels = ['off', 'propose', 'approve', 'auto'];

/** What a playbook is held against. */
export interface PlaybookSurroundings {
  /** Names of all that there are. */
  readonly emitters: readonly string[];
  /** As of the rails. */
  readonly maxLifetimeSeconds: number;
}

/**
 * Refuses a playbook that could never do what it says.
 * @throws ResponseError `RESPONSE_BAD_CONFIG`: names the first entry (`playbook[2].emitters`) that is wrong, and how.
 */
export function checkPlaybook(playbook: Playbook, surroundings: PlaybookSurroundings): void {
  playbook.forEach((entry, i) => {
    checkEntry(entry, `playbook[${i}]`, surroundings);
  });
}

function checkEntry(
  entry: PlaybookEntry,
  at: string,
  { emitters, maxLifetimeSeconds }: PlaybookSurroundings,
): void {
  const { eventTypes: types, from, minConfidence = 0, asks, level, lifetimeSeconds = 1, actions } = entry;
  known(`${at}.eventTypes`, types, eventTypes satisfies readonly EventType[]);
  known(`${at}.from`, from, origins);
  known(`${at}.asks`, asks, askActions);
  known(`${at}.level`, [level], levels);
  known(`${at}.emitters`, entry.emitters, emitters);
  if (entry.emitters.length === 0 && level !== 'off') {
    throw bad(
      `${at}.emitters`,
      'is empty, so that nothing could be applied; name one, or set the level to off',
    );
  }
  if (!(minConfidence >= 0 && minConfidence <= 100)) {
    throw bad(`${at}.minConfidence`, `is ${minConfidence}; it is a percentage from 0 to 100`);
  }
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > maxLifetimeSeconds) {
    throw bad(
      `${at}.lifetimeSeconds`,
      `is ${lifetimeSeconds}; whole seconds from 1 to ${maxLifetimeSeconds} (maxLifetimeSeconds)`,
    );
  }
  if (asks !== undefined && from !== undefined && !from.some((origin) => origin !== 'own')) {
    throw bad(`${at}.asks`, 'is of requests alone, and none comes from own; name trust levels in from');
  }
  if (actions?.length === 0) throw bad(`${at}.actions`, 'is empty; leave it out for drop');
  actions?.forEach((action, i) => {
    try {
      normalRule({ match: { destination: '192.0.2.1/32' }, action });
    } catch (cause) {
      if (!(cause instanceof ResponseError)) throw cause;
      throw bad(`${at}.actions[${i}]`, cause.message, cause);
    }
  });
}

function known(at: string, names: readonly string[] | undefined, all: readonly string[]): void {
  if (names?.length === 0 && !at.endsWith('.emitters'))
    throw bad(at, 'is empty, so that nothing fits it; leave it out for any');
  const unknown = names?.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw bad(
      at,
      `has ${JSON.stringify(unknown)}; there ${all.length === 0 ? 'is none' : `are: ${all.join(', ')}`}`,
    );
  }
}

function bad(at: string, what: string, cause?: unknown): ResponseError {
  return new ResponseError('RESPONSE_BAD_CONFIG', `${at} ${what}`, { cause });
}
