import { type Clock, systemClock } from '../../clock.ts';
import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import type { Emitter } from '../emitter.ts';
import { inNetns, type RunProgram, runProgram } from '../run-program.ts';
import { applyScript, withdrawScript } from './nft-change.ts';
import { createPlaceScript, type NftPlace, nftObjection } from './nft-script.ts';
import { type NftTable, readNftTable } from './nft-table.ts';

export interface NftablesEmitterConfig extends Partial<NftPlace> {
  /** Its name in the configuration. */
  readonly name: string;
  /** Table of the family `inet` that is made, and that nothing else may use; begins with `flowpact`, the default. */
  readonly table?: string;
  /** Where packets meet the rules: on their way through, to this host, or both (`prerouting`). Default `forward`. */
  readonly hook?: NftPlace['hook'];
  /** Of the chain, -400..400. Default -10: before the chains of `filter`. */
  readonly priority?: number;
  /** The program. Default `nft`. */
  readonly nft?: string;
  /** Name of a network namespace (`ip netns`). Default that of Flowpact. */
  readonly netns?: string;
  /** For each call of nft. Default 10,000. */
  readonly timeoutMs?: number;
}

export interface NftablesEmitterDeps {
  readonly run?: RunProgram;
  readonly clock?: Clock;
}

/**
 * Rules to the kernel's packet filter, in a table of their own, which nft checks (`nft -c`) before it takes them. Each has
 * its timeout in the kernel: rules end by themselves, Flowpact dead or not.
 * @throws ResponseError `RESPONSE_BAD_CONFIG`.
 */
export function createNftablesEmitter(
  config: NftablesEmitterConfig,
  { run = runProgram, clock = systemClock }: NftablesEmitterDeps = {},
): Emitter {
  const { name, netns, nft = 'nft', timeoutMs = 10_000 } = config;
  const { table = 'flowpact', hook = 'forward', priority = -10 } = config;
  const place: NftPlace = { table, hook, priority };
  checkPlace(place);
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: what was read is what is changed. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    last = result.catch(() => {});
    return result;
  }

  const call = (args: readonly string[], input = ''): Promise<string> =>
    run(inNetns(netns, { program: nft, args, input, timeoutMs }));

  /** All of it or nothing (nft(8), "atomic"). */
  async function obey(script: string): Promise<void> {
    await call(['-c', '-f', '-'], script);
    await call(['-f', '-'], script);
  }

  const list = () => call(['-j', '-nn', 'list', 'table', 'inet', table]);

  /** Somebody may have flushed everything: then there is a table again. */
  async function read(): Promise<NftTable> {
    const json = await list().catch(async () => {
      await obey(createPlaceScript(place));
      return list();
    });
    return readNftTable(json);
  }

  return {
    name,
    kind: 'nftables',
    objection: nftObjection,
    start: () => inTurn(() => obey(createPlaceScript(place))),
    stop: async () => {},
    apply: (rule, untilMs) =>
      inTurn(async () => {
        const there = await read();
        const lifetimeMs = untilMs - clock.now();
        if (!(lifetimeMs >= 1)) {
          throw new ResponseError(
            'RESPONSE_EMITTER_FAILED',
            `${name}: "${ruleText(rule)}": its time is over`,
          );
        }
        await obey(applyScript(place, there, rule, lifetimeMs));
      }),
    withdraw: (rule: Rule) =>
      inTurn(async () => {
        const script = withdrawScript(place, await read(), rule);
        if (script !== '') await obey(script);
      }),
    inForce: () =>
      inTurn(async () => {
        const { rules } = await read();
        const nowMs = clock.now();
        return rules.flatMap(({ rule, expiresSeconds }) =>
          rule === undefined || expiresSeconds === undefined
            ? []
            : [{ rule, untilMs: nowMs + expiresSeconds * 1_000 }],
        );
      }),
  };
}

function checkPlace({ table, hook, priority }: NftPlace): void {
  const bad = (field: string, value: unknown, wanted: string): ResponseError =>
    new ResponseError('RESPONSE_BAD_CONFIG', `nftables: ${field}: ${JSON.stringify(value)} is not ${wanted}`);
  if (typeof table !== 'string' || !/^flowpact[a-z0-9_]{0,23}$/.test(table)) {
    throw bad('table', table, 'a name that begins with flowpact, of small letters, digits and _');
  }
  if (!['forward', 'input', 'prerouting'].includes(hook))
    throw bad('hook', hook, 'forward, input or prerouting');
  if (!Number.isInteger(priority) || Math.abs(priority) > 400)
    throw bad('priority', priority, 'from -400 to 400');
}
