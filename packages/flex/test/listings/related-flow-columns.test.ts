import type { FlowRow, Message } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import {
  decodeFlexRecord,
  decodeMessage,
  defaultRelatedFlowColumns,
  encodeMessage,
  encodeMessageForListings,
} from '../../src/index.ts';

const listings = { profile: 'listings' } as const;
const iana = (ids: readonly number[]) => ids.map((id) => ({ kind: 'iana' as const, id }));
const v6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

function messageOf(columns: readonly number[], ...rows: readonly FlowRow[]): Message {
  return {
    kind: 'alert',
    id: '1',
    sender: { name: 'isp-a.example' },
    createdMs: 0,
    event: {
      type: 'dDoS',
      flowSource: { protocol: 'ipfix', version: 9 },
      flows: { layout: { columns: iana(columns) }, groups: [{ rows }] },
    },
  };
}

describe('related flows of peers that know only the listings', () => {
  it('come without columns, and get those of the slides', () => {
    const row = [1, 2, Uint8Array.of(192, 0, 2, 1)];
    const bytes = encodeMessage(messageOf([], row));
    expect(decodeMessage(bytes).event.flows?.layout.columns).toEqual([]);
    const { flows } = decodeMessage(bytes, {}, listings).event;
    expect(flows).toEqual({
      layout: { columns: iana([150, 151, 8, 12, 7, 11, 2, 1, 4, 60, 5, 6, 10, 14, 3]) },
      groups: [{ rows: [row] }],
    });
    const own = decodeMessage(bytes, {}, { ...listings, relatedFlowColumns: [1, 2, 8] });
    expect(own.event.flows?.layout.columns).toEqual(iana([1, 2, 8]));
  });

  it('keep the columns that they name themselves', () => {
    const bytes = encodeMessage(messageOf([2], [5]));
    expect(decodeMessage(bytes, {}, listings).event.flows?.layout.columns).toEqual(iana([2]));
  });

  it('are laid out in those columns, and what has no place is named', () => {
    const message = messageOf([152, 27, 11, 2, 33], [1_500, v6, 80, 7, 1]);
    const { bytes, losses } = encodeMessageForListings(message);
    const [group] = decodeFlexRecord(bytes, {}, listings).correlation;
    expect(group.flows).toEqual([[1, null, v6, null, null, 80, 7, ...new Array(8).fill(null)]]);
    expect(losses).toEqual([
      { path: 'flowFields.fields[0]', effect: 'approximated', note: 'in the unit of column 150' },
      { path: 'flowFields.fields[4]', effect: 'dropped', note: 'not among the columns of related flows' },
    ]);
  });

  it('are laid out in columns of one’s own', () => {
    const message = messageOf([152, 8], [1_500, Uint8Array.of(192, 0, 2, 1)]);
    const { bytes, losses } = encodeMessageForListings(message, { relatedFlowColumns: [8, 152] });
    expect(losses).toEqual([]);
    expect(decodeMessage(bytes).event.flows).toEqual({
      layout: { columns: iana([8, 152]) },
      groups: [{ rows: [[Uint8Array.of(192, 0, 2, 1), 1_500]] }],
    });
  });

  it('are not laid out anew where they have these columns already', () => {
    const row = defaultRelatedFlowColumns.map((_, i) => i);
    const message = messageOf(defaultRelatedFlowColumns, row);
    const { bytes, losses } = encodeMessageForListings(message);
    expect(losses).toEqual([]);
    expect(decodeMessage(bytes)).toEqual(message);
  });

  it('of several groups are laid out each by its own columns', () => {
    const message = messageOf([2], [5]);
    const { flows } = message.event;
    const second = { layout: { columns: iana([1]) }, rows: [[9]] };
    const both = {
      ...message,
      event: {
        ...message.event,
        flows: { ...flows, trigger: [6], groups: [...(flows?.groups ?? []), second] },
      },
    } as Message;
    const { bytes, losses } = encodeMessageForListings(both, { relatedFlowColumns: [1, 2] });
    expect(losses).toEqual([]);
    expect(decodeMessage(bytes).event.flows).toEqual({
      layout: { columns: iana([1, 2]) },
      trigger: [null, 6],
      groups: [{ rows: [[null, 5]] }, { layout: { columns: iana([1, 2]) }, rows: [[9, null]] }],
    });
  });
});
