import type { FlowColumn } from '@flowpact/event';

/** Information Elements that translations speak of, by number (IANA registry "IPFIX Information Elements"). */
const elementNames: ReadonlyMap<number, string> = new Map([
  [1, 'octetDeltaCount'],
  [2, 'packetDeltaCount'],
  [3, 'deltaFlowCount'],
  [4, 'protocolIdentifier'],
  [5, 'ipClassOfService'],
  [6, 'tcpControlBits'],
  [7, 'sourceTransportPort'],
  [8, 'sourceIPv4Address'],
  [9, 'sourceIPv4PrefixLength'],
  [10, 'ingressInterface'],
  [11, 'destinationTransportPort'],
  [12, 'destinationIPv4Address'],
  [13, 'destinationIPv4PrefixLength'],
  [14, 'egressInterface'],
  [15, 'ipNextHopIPv4Address'],
  [16, 'bgpSourceAsNumber'],
  [17, 'bgpDestinationAsNumber'],
  [21, 'flowEndSysUpTime'],
  [22, 'flowStartSysUpTime'],
  [27, 'sourceIPv6Address'],
  [28, 'destinationIPv6Address'],
  [32, 'icmpTypeCodeIPv4'],
  [34, 'samplingInterval'],
  [35, 'samplingAlgorithm'],
  [56, 'sourceMacAddress'],
  [58, 'vlanId'],
  [60, 'ipVersion'],
  [61, 'flowDirection'],
  [62, 'ipNextHopIPv6Address'],
  [80, 'destinationMacAddress'],
  [85, 'octetTotalCount'],
  [86, 'packetTotalCount'],
  [95, 'applicationId'],
  [96, 'applicationName'],
  [130, 'exporterIPv4Address'],
  [131, 'exporterIPv6Address'],
  [136, 'flowEndReason'],
  [139, 'icmpTypeCodeIPv6'],
  [148, 'flowId'],
  [150, 'flowStartSeconds'],
  [151, 'flowEndSeconds'],
  [152, 'flowStartMilliseconds'],
  [153, 'flowEndMilliseconds'],
]);

const elementIds: ReadonlyMap<string, number> = new Map([...elementNames].map(([id, name]) => [name, id]));

/** The columns of rows without names, in the order of the FLEX slides' NetFlow record. */
export const defaultColumnIds: readonly number[] = [150, 151, 8, 12, 7, 11, 2, 1, 4, 60, 5, 6, 10, 14, 3];

/**
 * One word for a column, stable over versions: the element's name where it is a common one (`packetDeltaCount`), else
 * `iana:33`, `enterprise:29305:1` or `named:` and its name.
 */
export function columnWord(column: FlowColumn): string {
  switch (column.kind) {
    case 'iana':
      return elementNames.get(column.id) ?? `iana:${column.id}`;
    case 'enterprise':
      return `enterprise:${column.pen}:${column.id}`;
    case 'named':
      return `named:${column.name}`;
    default:
      return column satisfies never;
  }
}

/** The column that a word means; undefined where it is none. */
export function columnOfWord(word: string): FlowColumn | undefined {
  const common = elementIds.get(word);
  if (common !== undefined) return { kind: 'iana', id: common };
  if (word.startsWith('named:')) return { kind: 'named', name: word.slice('named:'.length) };
  const [, ianaText, penText, idText] =
    /^(?:iana:(\d{1,5})|enterprise:(\d{1,10}):(\d{1,5}))$/.exec(word) ?? [];
  const id = Number(ianaText ?? idText);
  const pen = penText === undefined ? undefined : Number(penText);
  if (!(id >= 1 && id <= 32767)) return undefined;
  if (pen === undefined) return { kind: 'iana', id };
  return pen >= 1 && pen <= 0xffffffff ? { kind: 'enterprise', id, pen } : undefined;
}

/** Where in a row an element is; -1 where it is in none. */
export function columnIndex(columns: readonly FlowColumn[], id: number): number {
  return columns.findIndex((column) => column.kind === 'iana' && column.id === id);
}
