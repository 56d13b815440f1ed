import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleFromJson } from '../rule-from-json.ts';

export interface HeldRoute {
  readonly rule: Rule;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
}

/** What is kept of the routes over a restart. */
export interface AgentState {
  /** @throws ResponseError `RESPONSE_EMITTER_FAILED` where it is there and cannot be read. */
  read(): readonly HeldRoute[];
  /** On the disk when it returns; whole or not at all. */
  write(routes: readonly HeldRoute[]): void;
}

/** A file of JSON, written anew each time and put in place of the old. */
export function createAgentStateFile(path: string): AgentState {
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
        const { version, routes } = JSON.parse(text) as { version: unknown; routes: unknown[] };
        if (version !== 1) throw new Error(`it is of version ${String(version)}`);
        return routes.map((route) => {
          const { rule, untilMs } = route as HeldRoute;
          if (!Number.isSafeInteger(untilMs)) throw new Error(`${String(untilMs)} is no time`);
          return { rule: ruleFromJson(rule), untilMs };
        });
      } catch (error) {
        throw unreadable(path, error);
      }
    },
    write(routes) {
      const next = `${path}.next`;
      const file = openSync(next, 'w', 0o600);
      try {
        writeSync(file, `${JSON.stringify({ version: 1, routes })}\n`);
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

/** For tests. */
export function createMemoryAgentState(routes: readonly HeldRoute[] = []): AgentState {
  let kept = structuredClone(routes);
  return {
    read: () => kept,
    write(next) {
      kept = structuredClone(next);
    },
  };
}

function unreadable(path: string, cause: unknown): ResponseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `${path} cannot be read: ${why}; what ExaBGP has of it is unknown: restart ExaBGP without that file`;
  return new ResponseError('RESPONSE_EMITTER_FAILED', message, { cause });
}
