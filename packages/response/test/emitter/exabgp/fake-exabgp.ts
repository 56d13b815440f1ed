import { PassThrough } from 'node:stream';

/** ExaBGP as far as a program that it runs sees it, with one neighbour that has all families. */
export interface FakeExabgp {
  readonly input: PassThrough;
  readonly output: PassThrough;
  readonly commands: readonly string[];
  /** What is announced: the key is what BGP takes for the same route. */
  readonly routes: ReadonlyMap<string, string>;
  /** `mute`: no answers; `error`: refuses everything but `show` and `version`. */
  mood: 'well' | 'error' | 'mute';
  end(): void;
}

const protocolNames: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '2': 'igmp',
  '6': 'tcp',
  '8': 'egp',
  '17': 'udp',
  '46': 'rsvp',
  '47': 'gre',
  '50': 'esp',
  '51': 'ah',
  '89': 'ospf',
  '94': 'ipip',
  '103': 'pim',
  '132': 'sctp',
};
const flagNames = ['fin', 'syn', 'rst', 'push', 'ack', 'urg', 'ece', 'cwr'];

export function createFakeExabgp(): FakeExabgp {
  const input = new PassThrough();
  const output = new PassThrough();
  const commands: string[] = [];
  const routes = new Map<string, string>();
  let rest = '';
  const fake: FakeExabgp = { input, output, commands, routes, mood: 'well', end: () => input.end() };
  output.setEncoding('utf8').on('data', (part: string) => {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) obey(line);
  });

  function obey(command: string): void {
    commands.push(command);
    if (fake.mood === 'mute') return;
    const [verb, kind] = command.split(' ');
    if (verb === 'version') return void input.write('exabgp 4.2.21\ndone\n');
    if (verb === 'show') {
      for (const route of routes.values())
        input.write(`neighbor 192.0.2.2 local-ip 192.0.2.1 local-as 65001 ${route}\n`);
      return void input.write('done\n');
    }
    if (fake.mood === 'error') return void input.write('error\n');
    const [key, route] = kind === 'route' ? unicast(command) : flow(command);
    if (verb === 'announce') routes.set(key, route);
    else routes.delete(key);
    input.write('done\n');
  }
  return fake;
}

function unicast(command: string): [string, string] {
  const [, , prefix] = command.split(' ');
  const family = prefix.includes(':') ? 'ipv6' : 'ipv4';
  const known = command.replace('65535:666 ', 'blackhole ').replace('65535:65281', 'no-export');
  return [prefix, `${family} unicast ${known.split(' ').slice(2).join(' ')}`];
}

function flow(command: string): [string, string] {
  const [, match, action] = /^\w+ flow route \{ match \{ (.*); \} then \{ (.*); \} \}$/.exec(command) ?? [];
  if (match === undefined) throw new Error(`ExaBGP cannot read: ${command}`);
  const family = match.includes(':') ? 'ipv6' : 'ipv4';
  const shown = match
    .split('; ')
    .map((component) => shownComponent(component, family))
    .join(' ');
  return [shown, `${family} flow flow ${shown} extended-community ${shownAction(action)}`];
}

function shownComponent(component: string, family: string): string {
  const [, name, value] = /^(\S+) (.*)$/.exec(component) ?? [];
  if (name === 'destination' || name === 'source')
    return `${name}-${family} ${value}${family === 'ipv6' ? '/0' : ''}`;
  const [, text] = /^\[ (.*) \]$/.exec(value) ?? [];
  if (text === undefined) throw new Error(`lists have to be in brackets: ${component}`);
  const items = text.split(/[ &]/);
  let shown = text;
  if (name === 'protocol' || name === 'next-header') {
    shown = text.replace(/\d+/g, (number) => protocolNames[number] ?? `unknown protocol type ${number}`);
  }
  if (name === 'tcp-flags') {
    shown = text.replace(/\d+/g, (number) =>
      flagNames.filter((_, bit) => (Number(number) >> bit) & 1).join('+'),
    );
  }
  return `${name} ${items.length > 1 ? `[ ${shown} ]` : shown}`;
}

function shownAction(action: string): string {
  const [verb, value] = action.split(' ');
  if (verb === 'discard') return 'rate-limit:0';
  if (verb === 'mark') return action;
  if (verb === 'rate-limit') return `rate-limit:${value}`;
  const [as, number] = value.split(':').map(Number);
  if (as <= 0xffff) return `redirect:${value}`;
  const hex = (part: number, digits: number): string => part.toString(16).toUpperCase().padStart(digits, '0');
  return `0x8208${hex(as, 8)}${hex(number, 4)}`;
}
