import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';
import type { Lab, LabProcess } from './lab.ts';

/** A router that listens for ExaBGP at 10.99.0.1. */
export interface LabRouter {
  readonly process: LabProcess;
  /** The routes that it holds, as it prints them, in order: flow specifications and unicast, of both families. */
  routes(): Promise<readonly string[]>;
}

const slow = { timeout: 20_000, interval: 100 };
const agent = resolve(import.meta.dirname, '../../../bin/flowpact-exabgp.js');

/** At 10.99.0.2, AS 65002. */
export async function startBird(lab: Lab): Promise<LabRouter> {
  const control = join(lab.folder, 'bird.ctl');
  const config = join(lab.folder, 'bird.conf');
  rmSync(control, { force: true });
  writeFileSync(
    config,
    `router id 10.99.0.2;
flow4 table flowtab4;
flow6 table flowtab6;
protocol device {}
protocol bgp flowpact {
  local 10.99.0.2 as 65002;
  neighbor 10.99.0.1 as 65001;
  multihop;
  passive;
  strict bind yes;
  error wait time 1, 2;
  ipv4 { import all; export none; };
  ipv6 { import all; export none; };
  flow4 { table flowtab4; import all; export none; };
  flow6 { table flowtab6; import all; export none; };
}
`,
  );
  const process = lab.start('bird', ['-f', '-c', config, '-s', control, '-P', join(lab.folder, 'bird.pid')]);
  const ask = (...words: string[]): Promise<string> => lab.ask('birdc', ['-r', '-s', control, ...words]);
  await vi.waitFor(() => ask('show', 'status'), slow);
  return {
    process,
    async routes() {
      const tables = ['flowtab4', 'flowtab6', 'master4', 'master6'];
      const texts = await Promise.all(tables.map((table) => ask('show', 'route', 'table', table, 'all')));
      return texts
        .flatMap((text) =>
          [...text.matchAll(/^(\S.*?) +(?:unreachable )?\[flowpact .*\n((?:\t.*\n?)*)/gm)].map(
            ([, route, attributes]) => {
              const wanted = /\tBGP\.(?:ext_)?community: (.*)/.exec(attributes);
              return `${route} ${wanted?.[1] ?? ''}`.trim();
            },
          ),
        )
        .sort();
    },
  };
}

/** At 10.99.0.3, AS 65003. */
export async function startGobgp(lab: Lab): Promise<LabRouter & { readonly api: string }> {
  const socket = join(lab.folder, 'gobgp.sock');
  const config = join(lab.folder, 'gobgpd.toml');
  rmSync(socket, { force: true });
  const families = ['ipv4-unicast', 'ipv6-unicast', 'ipv4-flowspec', 'ipv6-flowspec'];
  writeFileSync(
    config,
    `[global.config]
  as = 65003
  router-id = "10.99.0.3"
  port = 179
  local-address-list = ["10.99.0.3"]
[[neighbors]]
  [neighbors.config]
    neighbor-address = "10.99.0.1"
    peer-as = 65001
  [neighbors.transport.config]
    passive-mode = true
    local-address = "10.99.0.3"
  [neighbors.ebgp-multihop.config]
    enabled = true
    multihop-ttl = 2
${families.map((name) => `  [[neighbors.afi-safis]]\n    [neighbors.afi-safis.config]\n      afi-safi-name = "${name}"\n`).join('')}`,
  );
  const api = `unix://${socket}`;
  const process = lab.start('gobgpd', ['-t', 'toml', '-f', config, '--api-hosts', api]);
  const ask = (...words: string[]): Promise<string> => lab.ask('gobgp', ['--target', api, ...words]);
  await vi.waitFor(() => ask('global'), slow);
  return {
    process,
    api,
    async routes() {
      const ribs = ['ipv4-flowspec', 'ipv6-flowspec', 'ipv4', 'ipv6'];
      const texts = await Promise.all(ribs.map((family) => ask('global', 'rib', '-a', family)));
      return texts
        .flatMap((text) =>
          [...text.matchAll(/^\*> ((?:\[[^\]]*\])+|\S+) .*\[\{Origin: .\} (.*)\]$/gm)].map(
            ([, route, attributes]) => `${route} ${attributes}`,
          ),
        )
        .sort();
    },
  };
}

/** At 10.99.0.4, AS 65004. */
export async function startFrr(lab: Lab): Promise<LabRouter> {
  const folder = join(lab.folder, 'frr');
  const [, uid, gid] = /^frr:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  mkdirSync(folder, { recursive: true });
  chownSync(folder, Number(uid), Number(gid));
  chownSync(lab.folder, Number(uid), Number(gid));
  const config = join(folder, 'bgpd.conf');
  const families = ['ipv4 unicast', 'ipv6 unicast', 'ipv4 flowspec', 'ipv6 flowspec'];
  writeFileSync(
    config,
    `router bgp 65004
 bgp router-id 10.99.0.4
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 neighbor 10.99.0.1 remote-as 65001
 neighbor 10.99.0.1 passive
 neighbor 10.99.0.1 ebgp-multihop 2
${families.map((name) => ` address-family ${name}\n  neighbor 10.99.0.1 activate\n exit-address-family\n`).join('')}`,
  );
  const process = lab.start('/usr/lib/frr/bgpd', [
    ...['-f', config, '-i', join(folder, 'bgpd.pid'), '--vty_socket', folder, '-u', 'frr', '-g', 'frr'],
    ...['-l', '10.99.0.4', '-n', '-Z', '-P', '0', '--log', 'stdout'],
  ]);
  const ask = (command: string): Promise<string> =>
    lab.ask('vtysh', ['--vty_socket', folder, '-d', 'bgpd', '-c', command]);
  await vi.waitFor(() => ask('show bgp summary'), slow);

  async function unicast(family: 'ipv4' | 'ipv6'): Promise<readonly string[]> {
    const { routes = {} }: { readonly routes?: object } = JSON.parse(
      await ask(`show bgp ${family} unicast json`),
    );
    return Promise.all(
      Object.keys(routes).map(async (route) => {
        const { paths }: { readonly paths: readonly [{ readonly community?: { readonly string: string } }] } =
          JSON.parse(await ask(`show bgp ${family} unicast ${route} json`));
        return `${route} ${paths[0].community?.string ?? ''}`.trim();
      }),
    );
  }

  return {
    process,
    async routes() {
      const flows = await Promise.all(
        ['ipv4', 'ipv6'].map((family) => ask(`show bgp ${family} flowspec detail`)),
      );
      const routes = await Promise.all([unicast('ipv4'), unicast('ipv6')]);
      return [
        ...flows.flatMap((text) =>
          [...text.matchAll(/BGP flowspec entry: .*\n((?:\t.*\n)*)/g)].map(([, entry]) =>
            entry
              .split('\n')
              .map((line) => line.trim())
              .filter((line) => line !== '' && !/received for|local/.test(line))
              .join(', '),
          ),
        ),
        ...routes.flat(),
      ].sort();
    },
  };
}

/** At 10.99.0.1, AS 65001, with `flowpact-exabgp` at `socket`; neighbours are the routers at these addresses. */
export async function startExabgp(
  lab: Lab,
  routers: readonly (2 | 3 | 4)[],
): Promise<{
  readonly process: LabProcess;
  readonly socket: string;
}> {
  const socket = join(lab.folder, 'exabgp.sock');
  const config = join(lab.folder, 'exabgp.conf');
  writeFileSync(
    config,
    `process flowpact {
  run ${process.execPath} ${agent} --socket ${socket} --state ${join(lab.folder, 'exabgp.json')};
  encoder text;
}
${routers
  .map(
    (last) => `neighbor 10.99.0.${last} {
  router-id 10.99.0.1;
  local-address 10.99.0.1;
  local-as 65001;
  peer-as 6500${last};
  outgoing-ttl 2;
  family { ipv4 unicast; ipv4 flow; ipv6 unicast; ipv6 flow; }
  api { processes [ flowpact ]; }
}
`,
  )
  .join('')}`,
  );
  const exabgp = lab.start('exabgp', [config], {
    'exabgp.daemon.user': 'root',
    'exabgp.api.cli': 'false',
    'exabgp.tcp.bind': '',
    'exabgp.log.level': 'INFO',
  });
  await vi.waitFor(() => {
    if (!exabgp.said().includes('flowpact-exabgp: listens')) throw new Error(exabgp.said());
  }, slow);
  return { process: exabgp, socket };
}
