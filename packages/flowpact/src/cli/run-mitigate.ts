import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { EventError, type SecurityEvent, securityEventFromJson, stringifyEvent } from '@flowpact/event';
import {
  createPlanner,
  createRails,
  defaultCollateral,
  defaultPlanner,
  defaultRails,
  type Emitter,
  type FlowReplay,
  type PlannerConfig,
  type RailsConfig,
} from '@flowpact/response';
import { createStore, type Store } from '@flowpact/store';
import { createIssueLog } from '../collect/issue-log.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { createArchiveReplay } from '../response/archive-replay.ts';
import { createFileReplay } from '../response/file-replay.ts';
import { planLines } from '../response/plan-table.ts';
import { parseRuleAction } from '../response/rule-action-text.ts';
import { interruptible } from './interrupt.ts';

export interface MitigateOptions {
  readonly dryRun?: boolean;
  /** A configuration, in the place of all that follows but the files. */
  readonly config?: string;
  readonly flows?: readonly string[];
  /** The state directory. */
  readonly state: string;
  /** Milliseconds. */
  readonly window: number;
  readonly action: readonly string[];
  readonly allow: readonly string[];
  readonly json?: boolean;
}

/** As long as anybody may wait. */
const longestTimeoutMs = 24 * 3_600_000;

/** Whoever takes rules here: it can say every one. */
const anyEmitter = { name: 'any', objection: () => undefined };

/** What rules are made by. */
interface Settings {
  /** The state directory. */
  readonly state: string;
  readonly planner: PlannerConfig;
  readonly rails: RailsConfig;
  readonly emitters: readonly Pick<Emitter, 'name' | 'objection'>[];
}

function givenSettings({ state, window, action, allow }: MitigateOptions): Settings {
  const rails = { ...defaultRails, allowList: allow };
  const actions = action.map(parseRuleAction);
  const playbook = [{ level: 'propose', emitters: [anyEmitter.name], actions }] as const;
  const collateral = { ...defaultCollateral, windowMs: window };
  return {
    state,
    planner: { ...defaultPlanner, playbook, rails, collateral },
    rails,
    emitters: [anyEmitter],
  };
}

/** @throws FlowpactError `FLOWPACT_USAGE`, and as for a daemon. */
async function configuredSettings(file: string): Promise<Settings> {
  const { loadConfig } = await import('../config/load-config.ts');
  const loaded = await loadConfig(file);
  const { response, stateDirectory } = loaded.config;
  if (response === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${file} configures no response: add the key \`response\` to it`,
    );
  }
  const { readResponseParts } = await import('../response/response-parts.ts');
  const { mitigator, planner, emitters } = readResponseParts(loaded, response);
  return { state: loaded.path(stateDirectory), planner, rails: mitigator.rails, emitters };
}

export async function runMitigate(given: string, options: MitigateOptions): Promise<void> {
  if (options.dryRun !== true) {
    throw new FlowpactError('FLOWPACT_USAGE', 'say --dry-run: this shows rules and applies none');
  }
  const settings =
    options.config === undefined ? givenSettings(options) : await configuredSettings(options.config);
  const isNumber = /^[1-9][0-9]*$/.test(given);
  const isArchiveWanted = options.flows === undefined || isNumber;
  if (isArchiveWanted && !existsSync(settings.state)) {
    throw new FlowpactError(
      'FLOWPACT_INPUT',
      `there is no state directory ${settings.state}: name it with --state, or give --flows and a file with events`,
    );
  }
  const store = isArchiveWanted
    ? createStore({ directory: settings.state, access: 'read', query: { timeoutMs: longestTimeoutMs } })
    : undefined;
  const issues = createIssueLog();
  try {
    await store?.start();
    const events =
      isNumber && store !== undefined ? [await storedEvent(store, given)] : await readEvents(given);
    await interruptible(async (signal) => {
      const replay =
        options.flows === undefined
          ? store && createArchiveReplay(store)
          : createFileReplay(options.flows, { signal, onIssue: issues.add });
      await printPlans(events, replay, settings, options, signal);
    });
  } finally {
    issues.summarise();
    await store?.stop();
  }
}

async function printPlans(
  events: readonly SecurityEvent[],
  replay: FlowReplay | undefined,
  { planner, rails, emitters }: Settings,
  { flows, json = !process.stdout.isTTY }: MitigateOptions,
  signal: AbortSignal,
): Promise<void> {
  const nowMs = Date.now();
  const clock = { now: () => nowMs };
  // Files are looked at whole: since 1970.
  const windowMs = flows === undefined ? planner.collateral.windowMs : nowMs;
  const plan = createPlanner(
    { ...planner, collateral: { ...planner.collateral, windowMs } },
    { emitters, rails: createRails(rails, { clock }), clock, ...(replay && { replay }) },
  );
  const isColoured = process.stdout.isTTY && !process.env.NO_COLOR;
  for (const event of events) {
    if (signal.aborted) return;
    const plans = await plan({ event, origin: { kind: 'event' } });
    const { flows: _evidence, ...shown } = event;
    if (json) console.log(`{"event":${stringifyEvent(shown)},"plans":${JSON.stringify(plans)}}`);
    else for (const line of planLines(shown, plans, { isColoured })) console.log(line);
  }
}

async function storedEvent(store: Store, number: string): Promise<SecurityEvent> {
  const stored = await store.event(Number(number));
  if (stored !== undefined) return stored.event;
  throw new FlowpactError(
    'FLOWPACT_INPUT',
    `there is no event ${number}; flowpact query "SELECT number, type FROM events" lists them`,
  );
}

/** One event, or one a line. */
async function readEvents(file: string): Promise<readonly SecurityEvent[]> {
  const content = file === '-' ? await text(process.stdin) : await readText(file);
  const lines = content
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [{ line, number: i + 1 }]));
  try {
    return lines.map(({ line, number }) => readEvent(line, `${file}: line ${number}`));
  } catch (error) {
    // Perhaps it is one event over several lines.
    if (!(error instanceof FlowpactError) || lines.length === 0 || lines[0].line.trim().endsWith('}'))
      throw error;
    return [readEvent(content, file)];
  }
}

function readEvent(json: string, place: string): SecurityEvent {
  try {
    return securityEventFromJson(json);
  } catch (cause) {
    if (!(cause instanceof EventError)) throw cause;
    throw new FlowpactError('FLOWPACT_INPUT', `${place}: ${cause.message}`, { cause });
  }
}

/** @throws FlowpactError `FLOWPACT_FILE`. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}
