import { userInfo } from 'node:os';
import { join } from 'node:path';
import {
  chosenRuleText,
  collateralText,
  isOfAlert,
  type Mitigation,
  type MitigationState,
  mitigationStates,
  type ResponseMode,
  ruleText,
} from '@flowpact/response';
import { loadConfig } from '../config/load-config.ts';
import { controlSocketName } from '../control/control-socket.ts';
import { connectResponse } from '../control/response-client.ts';
import { FlowpactError } from '../flowpact-error.ts';
import type { ResponseOffice } from '../response/response-office.ts';
import { type ListOptions, printList, timeText } from './print-table.ts';

interface ConfigOptions extends ListOptions {
  readonly config: string;
}

/** What is said by a person. */
interface PersonOptions extends ConfigOptions {
  readonly as?: string;
  readonly why?: string;
}

export async function runList({
  state,
  ...options
}: ConfigOptions & { readonly state?: string }): Promise<void> {
  const states = state?.split(',').map(stateOf);
  const office = await officeOf(options);
  const mitigations = await office.mitigations(states);
  tellMode(await office.mode());
  printMitigations(mitigations, options);
}

export async function runShow(id: string, options: ConfigOptions): Promise<void> {
  const office = await officeOf(options);
  const mitigation = await office.mitigation(id);
  if (mitigation === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `there is no mitigation ${id}; \`mitigate list\` prints those there are`,
    );
  }
  tellMode(await office.mode());
  if (isJson(options)) console.log(JSON.stringify(mitigation));
  else for (const line of mitigationLines(mitigation)) console.log(printable(line));
}

export const runApprove = (id: string, options: PersonOptions & { readonly candidate?: number }) =>
  change(options, (office, who, why) => {
    if (options.candidate !== undefined && options.candidate < 1) {
      throw new FlowpactError('FLOWPACT_USAGE', 'candidates are counted from 1');
    }
    return office.approve(id, who, {
      ...why,
      ...(options.candidate === undefined ? {} : { candidate: options.candidate - 1 }),
    });
  });

export const runReject = (id: string, options: PersonOptions) =>
  change(options, (office, who, { why }) => office.reject(id, who, why));

export const runExtend = (id: string, options: PersonOptions & { readonly seconds: number }) =>
  change(options, (office, who, { why }) => office.extend(id, who, options.seconds, why));

export const runWithdraw = (id: string, options: PersonOptions) =>
  change(options, (office, who, { why }) => office.withdraw(id, who, why));

export async function runStopAll(options: PersonOptions): Promise<void> {
  const office = await officeOf(options);
  const taken = await office.stopAll(personOf(options), options.why);
  const left = await stillInForce(office, taken);
  tellMode(await office.mode());
  printMitigations(left, options);
  if (left.some(({ state }) => state === 'withdrawing')) {
    console.error('flowpact: an emitter has not confirmed yet that all is gone; it is asked until it does');
    process.exitCode = 1;
  }
}

export async function runMode(mode: string | undefined, options: PersonOptions): Promise<void> {
  const office = await officeOf(options);
  if (mode !== undefined) await office.setMode(mode as ResponseMode, personOf(options), options.why);
  const now = await office.mode();
  console.log(isJson(options) ? JSON.stringify({ mode: now }) : now);
}

/** How long `stop-all` waits for emitters, milliseconds, and how often it looks. */
const waitMs = 15_000;
const lookMs = 200;

/** These, once they are gone, or as they are when that takes too long. */
async function stillInForce(
  office: ResponseOffice,
  taken: readonly Mitigation[],
): Promise<readonly Mitigation[]> {
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const now = await Promise.all(taken.map(async (each) => (await office.mitigation(each.id)) ?? each));
    if (now.every(({ state }) => state !== 'withdrawing') || Date.now() >= untilMs) return now;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

async function change(
  options: PersonOptions,
  work: (office: ResponseOffice, who: string, why: { readonly why?: string }) => Promise<Mitigation>,
): Promise<void> {
  const office = await officeOf(options);
  const why = options.why === undefined ? {} : { why: options.why };
  const mitigation = await work(office, personOf(options), why);
  tellMode(await office.mode());
  printMitigations([mitigation], options);
}

async function officeOf({ config }: ConfigOptions): Promise<ResponseOffice> {
  const loaded = await loadConfig(config);
  if (loaded.config.response === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${loaded.file} configures no response: add the key \`response\` to it`,
    );
  }
  return connectResponse({ path: join(loaded.path(loaded.config.stateDirectory), controlSocketName) });
}

function stateOf(text: string): MitigationState {
  const found = mitigationStates.find((state) => state === text.trim());
  if (found !== undefined) return found;
  throw new FlowpactError(
    'FLOWPACT_USAGE',
    `--state: "${text.trim()}" is no state; there are ${mitigationStates.join(', ')}`,
  );
}

const personOf = (options: PersonOptions) => options.as ?? userInfo().username;

const isJson = ({ json = false }: ListOptions) => json || !process.stdout.isTTY;

/** On standard error, so that it stands over every list and in no pipe. */
const tellMode = (mode: ResponseMode) => console.error(`mode: ${mode}`);

function printMitigations(mitigations: readonly Mitigation[], options: ListOptions): void {
  printList(
    mitigations,
    [
      { heading: 'ID', text: ({ id }) => id },
      { heading: 'STATE', text: ({ state }) => state },
      { heading: 'UNTIL (UTC)', text: ({ untilMs }) => (untilMs === undefined ? '' : timeText(untilMs)) },
      { heading: 'FOR', text: ({ origin }) => (origin.kind === 'request' ? origin.partner : origin.kind) },
      { heading: 'EMITTER', text: ({ candidates, chosen }) => candidates[chosen]?.emitter ?? '' },
      { heading: 'RULE', text: chosenRuleText },
    ],
    options,
  );
}

/** One of them for people. */
export function mitigationLines(mitigation: Mitigation): string[] {
  const { id, state, origin, event, candidates, chosen, lifetimeSeconds, untilMs, turns, approvals } =
    mitigation;
  const from =
    origin.kind === 'request'
      ? `${isOfAlert(origin) ? 'an alert' : 'a request'} of ${origin.partner}`
      : `an ${origin.kind}`;
  return [
    `mitigation ${id}: ${state}${untilMs === undefined ? '' : `, until ${timeText(untilMs)} UTC`}`,
    `against ${event.type}${event.detector?.rule === undefined ? '' : ` (${event.detector.rule})`}, for ${from}; ` +
      `${lifetimeSeconds} s from when it is applied`,
    ...(approvals.length === 0 ? [] : [`approved by ${approvals.map(({ who }) => who).join(', ')}`]),
    'candidates:',
    ...candidates.flatMap(({ rule, emitter, collateral, refusal }, index) => [
      `${index === chosen ? '*' : ' '} ${index + 1}. ${emitter}: ${ruleText(rule)}`,
      ...(collateral === undefined ? [] : [`     ${collateralText(collateral)}`]),
      ...(refusal === undefined ? [] : [`     refused: ${refusal}`]),
    ]),
    'life:',
    ...turns.map(
      ({ atMs, state: each, who, why }) =>
        `  ${timeText(atMs)}  ${each} by ${who}${why === undefined ? '' : `: ${why}`}`,
    ),
  ];
}

/** What partners wrote must not move the cursor. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, ' ');
