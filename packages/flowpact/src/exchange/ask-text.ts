import {
  type Action,
  type Ask,
  actions,
  type Endpoint,
  ipPrefixText,
  parseIpPrefix,
  type SecurityEvent,
} from '@flowpact/event';
import { FlowpactError } from '../flowpact-error.ts';

/** What goes for all that is asked for at once. */
export interface AskTerms {
  /** For how long, milliseconds. */
  readonly lifetimeMs?: number;
  /** What it is to be done to: addresses and networks. */
  readonly scope?: readonly string[];
}

/** They change what becomes of traffic. */
const mitigations: ReadonlySet<Action> = new Set(['block', 'rateLimit', 'blackhole', 'redirect']);
/** They take away traffic by where it goes. */
const byDestination: ReadonlySet<Action> = new Set(['blackhole', 'redirect']);

/**
 * What a person wants of a partner about an event: `block`, `rateLimit=125000` (octets a second), `blackhole`, `redirect`,
 * `notifyCustomer`, `confirm`, `stop`, `moreFlows`. Where no scope is given, it is the event's sources; for what
 * goes by destination, its targets.
 * @throws FlowpactError `FLOWPACT_USAGE`.
 */
export function parseAsk(text: string, { lifetimeMs, scope }: AskTerms, event: SecurityEvent): Ask {
  const [, name, value] = /^([a-zA-Z]+)(?:=([1-9][0-9]{0,14}))?$/.exec(text) ?? [];
  const action = actions.find((each) => each === name);
  if (action === undefined || (action === 'rateLimit') !== (value !== undefined)) {
    const known = actions.map((each) => (each === 'rateLimit' ? 'rateLimit=125000 (octets a second)' : each));
    throw usage(`"${text}" is nothing that a partner can be asked for; there are: ${known.join(', ')}`);
  }
  const of = scope?.map(endpointOf) ?? (byDestination.has(action) ? withoutPorts(event.targets) : undefined);
  if (!mitigations.has(action)) return { action, ...(of && { scope: of }) };
  if ((of ?? event.sources ?? []).length === 0) {
    const end = byDestination.has(action) ? 'target' : 'source';
    throw usage(`${action} of what? The event names no ${end}: say it with --scope`);
  }
  if (lifetimeMs === undefined) throw usage(`${action} for how long? Say it with --for, as in --for 1h`);
  return {
    action,
    ...(of && { scope: of }),
    lifetimeSeconds: Math.max(1, Math.ceil(lifetimeMs / 1_000)),
    ...(value !== undefined && { octetsPerSecond: Number(value) }),
  };
}

function endpointOf(text: string): Endpoint {
  try {
    const prefix = parseIpPrefix(text);
    return { address: ipPrefixText(prefix).split('/', 1)[0], prefixLength: prefix.length };
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_USAGE', `--scope: "${text}" is no address and no network`, { cause });
  }
}

const withoutPorts = (endpoints: readonly Endpoint[] = []): readonly Endpoint[] =>
  endpoints.flatMap(({ address, prefixLength }) =>
    address === undefined ? [] : [{ address, ...(prefixLength !== undefined && { prefixLength }) }],
  );

const usage = (message: string) => new FlowpactError('FLOWPACT_USAGE', message);
