import { isIPv4, isIPv6 } from 'node:net';
import { type Clock, systemClock } from '../../clock.ts';
import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import {
  type BlackholeRoute,
  bgpObjection,
  defaultBlackholeRoute,
  routeKey,
} from '../bgp/flow-specification.ts';
import type { Emitter } from '../emitter.ts';
import { inNetns, type RunProgram, runProgram } from '../run-program.ts';
import { gobgpCommand, gobgpFamilies } from './gobgp-command.ts';
import { type GobgpRoute, readGobgpRib } from './gobgp-rib.ts';

export interface GobgpEmitterConfig extends Partial<BlackholeRoute> {
  /** Its name in the configuration. */
  readonly name: string;
  /** Where gobgpd listens: `unix:///run/gobgp.sock`, or a host and a port. Default `127.0.0.1:50051`. */
  readonly api?: string;
  /** The community that every route of ours carries, by which they are known. Default `64496:8955`. */
  readonly mark?: string;
  /** The program. Default `gobgp`. */
  readonly gobgp?: string;
  /** Name of a network namespace (`ip netns`). Default that of Flowpact. */
  readonly netns?: string;
  /** For each call of gobgp. Default 10,000. */
  readonly timeoutMs?: number;
}

export interface GobgpEmitterDeps {
  readonly run?: RunProgram;
  readonly clock?: Clock;
}

/**
 * Rules to GoBGP 3 by its command line, as flow specifications (RFC 8955, RFC 8956) and blackholes (RFC 7999). GoBGP knows
 * no life times: rules end when Flowpact says so, and outlive it by as long as it is down.
 * @throws ResponseError `RESPONSE_BAD_CONFIG`.
 */
export function createGobgpEmitter(
  config: GobgpEmitterConfig,
  { run = runProgram, clock = systemClock }: GobgpEmitterDeps = {},
): Emitter {
  const {
    name,
    api = '127.0.0.1:50051',
    mark = '64496:8955',
    gobgp = 'gobgp',
    netns,
    timeoutMs = 10_000,
  } = config;
  const blackhole: BlackholeRoute = {
    nextHopIpv4: config.nextHopIpv4 ?? defaultBlackholeRoute.nextHopIpv4,
    nextHopIpv6: config.nextHopIpv6 ?? defaultBlackholeRoute.nextHopIpv6,
    communities: config.communities ?? defaultBlackholeRoute.communities,
  };
  checkBlackhole(blackhole);
  const markNumber = communityNumber('mark', mark);
  const where = apiWords(api);
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: what was read is what is changed. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = last.then(act);
    last = result.catch(() => {});
    return result;
  }

  const call = (args: readonly string[]): Promise<string> =>
    run(inNetns(netns, { program: gobgp, args: [...where, ...args], timeoutMs }));

  async function read(): Promise<readonly GobgpRoute[]> {
    const routes: GobgpRoute[] = [];
    for (const family of gobgpFamilies) {
      const json = await call(['-j', 'global', 'rib', '-a', family]);
      try {
        routes.push(...readGobgpRib(json, markNumber));
      } catch (cause) {
        throw failed(`its ${family} table cannot be read`, cause);
      }
    }
    return routes;
  }

  function failed(what: string, cause?: unknown): ResponseError {
    return new ResponseError('RESPONSE_EMITTER_FAILED', `${name}: ${what}`, { cause });
  }

  return {
    name,
    kind: 'gobgp',
    objection(rule) {
      if (rule.action.kind === 'rateLimit' && rule.action.octetsPerSecond === 0) {
        return 'a rate of 0 is a drop; say so';
      }
      return bgpObjection(rule);
    },
    start: async () => {},
    stop: async () => {},
    apply: (rule, untilMs) =>
      inTurn(async () => {
        const text = ruleText(rule);
        const key = routeKey(rule);
        for (const there of await read()) {
          if (there.rule === undefined || routeKey(there.rule) !== key) continue;
          if (!there.isOurs) throw failed(`"${text}": somebody else has the same route`);
          if (ruleText(there.rule) === text) continue;
          throw failed(
            `"${text}": the same traffic has another action; withdraw "${ruleText(there.rule)}" first`,
          );
        }
        if (!(untilMs > clock.now())) throw failed(`"${text}": its time is over`);
        await call(gobgpCommand('add', rule, blackhole, mark));
      }),
    withdraw: (rule: Rule) =>
      inTurn(async () => {
        const text = ruleText(rule);
        const there = (await read()).some(
          (route) => route.isOurs && route.rule && ruleText(route.rule) === text,
        );
        if (there) await call(gobgpCommand('del', rule, blackhole, mark));
      }),
    inForce: () =>
      inTurn(async () =>
        (await read()).flatMap(({ isOurs, rule }) => (isOurs && rule !== undefined ? [{ rule }] : [])),
      ),
  };
}

function apiWords(api: string): readonly string[] {
  if (/^unix:\/\/\/[^ ]+$/.test(api)) return ['--target', api];
  const [, host, port] = /^\[?([0-9A-Za-z.:-]+?)\]?:([0-9]{1,5})$/.exec(api) ?? [];
  if (host === undefined || host.startsWith('-')) throw badConfig('api', api, 'unix:///PATH or HOST:PORT');
  return ['-u', host, '-p', port];
}

function checkBlackhole({ nextHopIpv4, nextHopIpv6, communities }: BlackholeRoute): void {
  if (!isIPv4(nextHopIpv4)) throw badConfig('nextHopIpv4', nextHopIpv4, 'an IPv4 address');
  if (!isIPv6(nextHopIpv6)) throw badConfig('nextHopIpv6', nextHopIpv6, 'an IPv6 address');
  for (const [i, community] of communities.entries()) communityNumber(`communities[${i}]`, community);
}

/** RFC 1997: two numbers of 16 bits. */
function communityNumber(field: string, text: string): number {
  const [, high, low] = /^(0|[1-9][0-9]{0,4}):(0|[1-9][0-9]{0,4})$/.exec(text) ?? [];
  if (high === undefined || Number(high) > 0xffff || Number(low) > 0xffff) {
    throw badConfig(field, text, 'a community as 65535:666');
  }
  return Number(high) * 0x10000 + Number(low);
}

function badConfig(field: string, value: string, wanted: string): ResponseError {
  return new ResponseError('RESPONSE_BAD_CONFIG', `gobgp: ${field}: "${value}" is not ${wanted}`);
}
