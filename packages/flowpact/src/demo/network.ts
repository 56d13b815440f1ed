import { BlockList } from 'node:net';
import type { Party } from '@flowpact/event';
import type { Partner } from '@flowpact/exchange';

/** One of the two networks of the demo. */
export interface DemoNetwork {
  readonly party: Party;
  /** The address space that it answers for. */
  readonly prefix: { readonly address: string; readonly length: number };
  readonly mailbox: string;
}

/** Sees the attack. Names and numbers are those set aside for documentation (RFC 2606, RFC 5398). */
export const detectingNetwork: DemoNetwork = {
  party: { name: 'isp-a.example', asn: 64500, contact: 'mailto:flex@isp-a.example' },
  prefix: { address: '198.18.0.0', length: 16 },
  mailbox: 'flex@isp-a.example',
};

/** Owns the address that the attack comes from. */
export const receivingNetwork: DemoNetwork = {
  party: { name: 'isp-b.example', asn: 64501, contact: 'mailto:flex@isp-b.example' },
  prefix: { address: '203.0.113.0', length: 24 },
  mailbox: 'flex@isp-b.example',
};

export function partnerOf({ party, mailbox }: DemoNetwork): Partner {
  return { party, languages: ['flex'], routes: [{ transport: 'smtp', address: mailbox }] };
}

/** Whether an IPv4 address belongs to the network. */
export function owns({ prefix }: DemoNetwork, address: string): boolean {
  const space = new BlockList();
  space.addSubnet(prefix.address, prefix.length, 'ipv4');
  return space.check(address, 'ipv4');
}
