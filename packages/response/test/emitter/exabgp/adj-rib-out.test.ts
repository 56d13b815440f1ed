import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultBlackholeRoute } from '../../../src/emitter/bgp/flow-specification.ts';
import { ruleOfAdjRibOut } from '../../../src/emitter/exabgp/adj-rib-out.ts';
import { announceCommand } from '../../../src/emitter/exabgp/exabgp-command.ts';
import { ruleText } from '../../../src/index.ts';
import { arbitraryRule } from '../arbitrary-rule.ts';
import { createFakeExabgp } from './fake-exabgp.ts';

/** As ExaBGP 4.2.21 shows them. */
const neighbor =
  'neighbor 127.0.0.1 local-ip 127.0.0.1 local-as 65001 peer-as 65002 router-id 192.0.2.1 family-allowed in-open';

describe('ruleOfAdjRibOut', () => {
  it.each([
    [
      'ipv4 unicast 192.0.2.10/32 next-hop 192.0.2.1 community [ blackhole no-export ]',
      'blackhole to 192.0.2.10/32',
    ],
    ['ipv6 unicast 2001:db8::10/128 next-hop 100::1 community blackhole', 'blackhole to 2001:db8::10/128'],
    [
      'ipv4 flow flow destination-ipv4 192.0.2.10/32 source-ipv4 198.51.100.0/24 protocol =tcp destination-port [ =80 =443 >=1024&<=2000 ] source-port =5 tcp-flags [ =syn+ack&!rst ] packet-length [ >=0&<=60 ] fragment is-fragment extended-community rate-limit:0',
      'drop from 198.51.100.0/24 to 192.0.2.10/32 protocol 6 source-port 5 destination-port 80,443,1024-2000 tcp-flags syn,!rst,ack length 0-60 fragments',
    ],
    [
      'ipv4 flow flow destination-ipv4 192.0.2.11/32 extended-community rate-limit:125000000',
      'rate-limit 125000000 octets/s to 192.0.2.11/32',
    ],
    [
      'ipv4 flow flow destination-ipv4 192.0.2.12/32 protocol [ =gre =unknown protocol type 200 ] extended-community redirect:65000:4294967295',
      'redirect 65000:4294967295 to 192.0.2.12/32 protocol 47,200',
    ],
    [
      'ipv4 flow flow destination-ipv4 192.0.2.12/32 protocol =unknown protocol type 200 extended-community mark 46',
      'mark 46 to 192.0.2.12/32 protocol 200',
    ],
    [
      'ipv4 flow flow destination-ipv4 192.0.2.13/32 extended-community 0x8208FA56EA00FFFF',
      'redirect 4200000000:65535 to 192.0.2.13/32',
    ],
    [
      'ipv6 flow flow destination-ipv6 2001:db8::1/128/0 source-ipv6 2001:db8:1::/48/0 next-header =tcp destination-port =80 tcp-flags =syn fragment is-fragment extended-community rate-limit:0',
      'drop from 2001:db8:1::/48 to 2001:db8::1/128 protocol 6 destination-port 80 tcp-flags syn fragments',
    ],
  ])('reads %s', (route, text) => {
    const rule = ruleOfAdjRibOut(`${neighbor} ${route}`);
    expect(rule && ruleText(rule)).toBe(text);
  });

  it.each([
    'ipv4 unicast 192.0.2.0/24 next-hop 192.0.2.1',
    'ipv4 unicast 192.0.2.0/24 next-hop 192.0.2.1 community 65000:666',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32 port =80 extended-community rate-limit:0',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32 protocol =tcp destination-port >80 extended-community rate-limit:0',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32 fragment [ is-fragment first-fragment ] extended-community rate-limit:0',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32 protocol =tcp tcp-flags =ns extended-community rate-limit:0',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32 extended-community redirect-to-nexthop',
    'ipv4 flow flow destination-ipv4 192.0.2.11/32 extended-community [ rate-limit:0 mark 5 ]',
    'ipv4 flow flow protocol =tcp extended-community rate-limit:0',
    'ipv6 flow flow destination-ipv6 2001:db8::1/128/64 extended-community rate-limit:0',
    'ipv4 mpls-vpn 192.0.2.0/24',
    '',
  ])('leaves alone what no rule of ours says: %s', (route) => {
    expect(ruleOfAdjRibOut(`${neighbor} ${route}`)).toBeUndefined();
  });

  it('reads back every rule that is announced', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRule, async (rule) => {
        const exabgp = createFakeExabgp();
        exabgp.output.write(`${announceCommand(rule, defaultBlackholeRoute)}\n`);
        await new Promise((resolve) => setImmediate(resolve));
        const [route] = exabgp.routes.values();
        expect(ruleOfAdjRibOut(`${neighbor} ${route}`)).toEqual(rule);
      }),
      { numRuns: 300 },
    );
  });
});
