import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { address, ipv6AddressText } from '../../../src/generate/address-plan.ts';
import type { ExportedFlow } from '../../../src/generate/export-order.ts';
import { exportTraffic } from '../../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../../src/generate/traffic.ts';

const families = ['IPv4', 'IPv6'] as const;
const multiStageHttp = resolve(
  import.meta.dirname,
  '../../../../../rules/multi-stage-http/multi-stage-http.epl',
);

/** A host that speaks IPv4 and IPv6. */
export interface DualStackHost {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** Two attacks in everyday traffic, each by IPv4 and by IPv6. */
export interface DualStackAttacks {
  /** The IPFIX file. */
  readonly file: string;
  readonly flows: number;
  /** Who scans web servers and tries passwords on some of them. */
  readonly attacker: DualStackHost;
  /** One of those servers. */
  readonly server: DualStackHost;
  /** To whom name servers send what it never asked for. */
  readonly victim: DualStackHost;
  /** Files with the statements that find all of that. */
  readonly modules: readonly string[];
}

export function writeDualStackAttacks(folder: string): DualStackAttacks {
  const { flows, truth } = generateTraffic({
    seed: 7,
    attacks: [{ scenario: 'multi-stage-http' }, { scenario: 'dns-amplification' }],
  });
  const twice = [...flows].flatMap((each): ExportedFlow[] => [
    each,
    { ...each, flow: { ...each.flow, ipv6: true } },
  ]);
  const file = join(folder, 'dual-stack.ipfix');
  writeFileSync(file, Buffer.concat([...exportTraffic(twice)]));
  const [guessing, flood] = truth.attacks;
  const written = (name: string, text: string): string => {
    const path = join(folder, `${name}.epl`);
    writeFileSync(path, text);
    return path;
  };
  const guessingRule = readFileSync(multiStageHttp, 'utf8');
  return {
    file,
    flows: twice.length,
    attacker: host(guessing.attackers[0]),
    server: host(guessing.stages.at(-1)?.targets[0] ?? ''),
    victim: host(flood.stages[0].targets[0]),
    modules: families.flatMap((family) => [
      written(`multi-stage-http-${family}`, guessingRule.replaceAll('IPv4', family)),
      written(`amplification-${family}`, amplification.replaceAll('IPv4', family)),
    ]),
  };
}

const host = (ipv4: string): DualStackHost => ({ ipv4, ipv6: ipv6AddressText(address(ipv4)) });

const amplification = `
@Name('Schema')
@Tag(name='timestamp', value='ipfix.flowEndMilliseconds')
create map schema IPFIX(
  ipfix.flowStartMilliseconds long,
  ipfix.flowEndMilliseconds long,
  ipfix.sourceIPv4Address string,
  ipfix.destinationIPv4Address string,
  ipfix.sourceTransportPort int,
  ipfix.destinationTransportPort int,
  ipfix.octetDeltaCount long,
  ipfix.packetDeltaCount long,
  ipfix.protocolIdentifier int
);

@Name('Amplification')
@SecurityEvent(type='dDoS', target='Victim', protocol=17, octets='Octets', confidence=90, evidence=120)
select ipfix.destinationIPv4Address as Victim, sum(ipfix.octetDeltaCount) as Octets
from IPFIX.win:time_batch(1 minute)
where ipfix.protocolIdentifier = 17 and ipfix.sourceTransportPort = 53 and ipfix.destinationIPv4Address is not null
group by ipfix.destinationIPv4Address
having sum(ipfix.octetDeltaCount) > 100000000;
`;
