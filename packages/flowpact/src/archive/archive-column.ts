import { findElementsByName, type InformationElement } from '@flowpact/ipfix';
import type { FlowColumnDefinition, FlowColumnType } from '@flowpact/store';
import { FlowpactError } from '../flowpact-error.ts';

/** The column that keeps the elements of a name: several enterprises may have one. @throws FlowpactError `FLOWPACT_USAGE`. */
export function extraColumn(name: string): FlowColumnDefinition {
  const elements = findElementsByName(name);
  const [first] = elements;
  if (first === undefined) {
    throw new FlowpactError('FLOWPACT_USAGE', `there is no element ${JSON.stringify(name)}`);
  }
  const type = columnType(first);
  if (type === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${name} is of type ${first.dataType}, which the archive cannot keep`,
    );
  }
  const alike = elements.filter((element) => columnType(element) === type);
  return {
    name,
    elements: alike.filter(({ pen }) => pen === 0).map(({ id }) => id),
    enterpriseElements: alike.filter(({ pen }) => pen !== 0).map(({ pen, id }) => ({ pen, id })),
    type,
  };
}

function columnType({ dataType }: InformationElement): FlowColumnType | undefined {
  switch (dataType) {
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'ipv4Address':
    case 'ipv6Address':
    case 'string':
      return dataType;
    case 'dateTimeSeconds':
    case 'dateTimeMilliseconds':
      return 'dateTimeMilliseconds';
    case 'octetArray':
    case 'macAddress':
      return 'string';
    default:
      return undefined;
  }
}

/** The short names of `--top` and `--columns`, as those of `collect --top`. */
const shortNames: Readonly<Record<string, string>> = {
  src: 'source',
  srcip: 'source',
  dst: 'destination',
  dstip: 'destination',
  srcport: 'sourceTransportPort',
  dstport: 'destinationTransportPort',
  proto: 'protocolIdentifier',
  srcas: 'bgpSourceAsNumber',
  dstas: 'bgpDestinationAsNumber',
  inif: 'ingressInterface',
  outif: 'egressInterface',
  tos: 'ipClassOfService',
  flags: 'tcpControlBits',
  vlan: 'vlanId',
  nexthop: 'ipNextHopIPv4Address',
  start: 'flowStartMilliseconds',
  end: 'flowEndMilliseconds',
  packets: 'packetDeltaCount',
  octets: 'octetDeltaCount',
  domain: 'observationDomainId',
};

/** The column that a short name stands for; any other name is that of a column. */
export const columnOfName = (name: string): string =>
  Object.hasOwn(shortNames, name.toLowerCase()) ? shortNames[name.toLowerCase()] : name;
