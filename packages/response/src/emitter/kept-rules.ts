import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ResponseError } from '../response-error.ts';
import type { Rule } from '../rule/rule.ts';
import { ruleFromJson } from './rule-from-json.ts';

/** A rule that was handed over, and when it ends. */
export interface KeptRule {
  readonly rule: Rule;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  /** When it was handed over first and last, where whoever keeps it has to know. */
  readonly sinceMs?: number;
  readonly renewedMs?: number;
}

/** What has to be known after a restart. */
export interface KeptRules {
  /** @throws ResponseError `RESPONSE_EMITTER_FAILED` where it is there and cannot be read. */
  read(): readonly KeptRule[];
  /** On the disk when it returns; whole or not at all. */
  write(rules: readonly KeptRule[]): void;
}

/** A file of JSON, written anew each time and put in place of the old. */
export function createKeptRulesFile(path: string): KeptRules {
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw unreadable(path, error);
      }
      try {
        const { version, rules } = JSON.parse(text) as { version: unknown; rules: unknown[] };
        if (version !== 1) throw new Error(`it is of version ${String(version)}`);
        return rules.map((kept) => {
          const { rule, ...times } = kept as KeptRule;
          return { rule: ruleFromJson(rule), ...timesOf(times) };
        });
      } catch (error) {
        throw unreadable(path, error);
      }
    },
    write(rules) {
      const next = `${path}.next`;
      const file = openSync(next, 'w', 0o600);
      try {
        writeSync(file, `${JSON.stringify({ version: 1, rules })}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(next, path);
      const folder = openSync(dirname(path), 'r');
      try {
        fsyncSync(folder);
      } finally {
        closeSync(folder);
      }
    },
  };
}

function timesOf({ untilMs, sinceMs, renewedMs }: Omit<KeptRule, 'rule'>): Omit<KeptRule, 'rule'> {
  for (const time of [untilMs, sinceMs ?? 0, renewedMs ?? 0]) {
    if (!Number.isSafeInteger(time)) throw new Error(`${String(time)} is no time`);
  }
  return {
    untilMs,
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(renewedMs === undefined ? {} : { renewedMs }),
  };
}

/** For tests. */
export function createMemoryKeptRules(rules: readonly KeptRule[] = []): KeptRules {
  let kept = structuredClone(rules);
  return {
    read: () => kept,
    write(next) {
      kept = structuredClone(next);
    },
  };
}

function unreadable(path: string, cause: unknown): ResponseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${path} cannot be read: ${why}; what is in force of it is unknown: take it back by hand, remove the file, start again`;
  return new ResponseError('RESPONSE_EMITTER_FAILED', message, { cause });
}
