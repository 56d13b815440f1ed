import type { InboxEntry, OutboxEntry } from '../../src/index.ts';

export function outboxEntry(id: number, bytes = Uint8Array.of(id)): OutboxEntry {
  return {
    reference: { sender: 'isp-a.example', id: String(id) },
    partner: 'isp-b.example',
    language: 'json',
    bytes,
    atMs: 1000 + id,
  };
}

export function inboxEntry(id: number, bytes = Uint8Array.of(id), sender = 'isp-b.example'): InboxEntry {
  return { reference: { sender, id: String(id) }, partner: sender, language: 'json', bytes, atMs: 1000 + id };
}
