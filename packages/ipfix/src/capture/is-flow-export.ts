import { readUint16 } from '../message/network-byte-order.ts';
import { netflowHeaderLengths, netflowRecordLengths } from '../netflow/netflow-header.ts';

/** Records that one datagram of a fixed format holds at most. */
const mostFixedRecords = 30;

/**
 * Whether a UDP payload looks like a NetFlow (v1, v5, v7, v9) or IPFIX message: its header, and where they tell
 * something the lengths behind it, fit. Meant for captures in which the ports are not known; a payload with a
 * fault inside still counts.
 */
export function isFlowExport(payload: Uint8Array): boolean {
  if (payload.length < 16) return false;
  const version = readUint16(payload, 0);
  const second = readUint16(payload, 2);
  if (version === 1 || version === 5 || version === 7) {
    const shortest = netflowHeaderLengths[version] + netflowRecordLengths[version];
    return second >= 1 && second <= mostFixedRecords && payload.length >= shortest;
  }
  if (version === 9) return second >= 1 && payload.length >= 24 && isSet(payload, 20, [0, 1]);
  if (version === 10) return second >= 16 && (payload.length === 16 || isSet(payload, 16, [2, 3]));
  return false;
}

/** Whether a set begins here: of templates, of data, or, as some exporters pad, of nothing. */
function isSet(payload: Uint8Array, at: number, templateSetIds: readonly number[]): boolean {
  if (payload.length < at + 4) return false;
  const id = readUint16(payload, at);
  return id >= 256 || id === 0 || templateSetIds.includes(id);
}
