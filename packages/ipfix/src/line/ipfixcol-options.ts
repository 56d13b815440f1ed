/**
 * What IPFIXcol's JSON output lets one choose about its lines. The defaults are the choices of FlowCEP's startup file,
 * which are not those that IPFIXcol makes where its file says nothing.
 */
export interface IpfixcolLineOptions {
  /** Six characters `UAPRSF`, or the number. Default `formatted`. */
  readonly tcpFlags?: 'formatted' | 'raw';
  /**
   * `2018-04-12T17:22:40.338` in local time, as IPFIXcol prints it, or milliseconds since 1970. Default `unix`.
   */
  readonly timestamp?: 'formatted' | 'unix';
  /** The name of the protocol, such as `TCP`, or its number. Default `raw`. */
  readonly protocol?: 'formatted' | 'raw';
  /** Leaves out elements that IPFIXcol does not know; else their names are `e<PEN>id<ID>`. Default true. */
  readonly ignoreUnknown?: boolean;
  /** Leaves out options records; else their `@type` is `ipfix.optionsEntry`. Default true. */
  readonly ignoreOptions?: boolean;
  /** Prints control characters in strings as JSON's escapes, the NULs that pad them too; else drops them. Default false. */
  readonly nonPrintableChar?: boolean;
  /** Prints octetArrays of up to 8 octets, and unknown elements, as unsigned integers, else in hexadecimal. Default true. */
  readonly octetArrayAsUint?: boolean;
  /** Stands before the name of each element. Default `ipfix.`. */
  readonly prefix?: string;
  /**
   * Adds what IPFIXcol's intermediate plug-ins told of the record: places, AS names, profiles. There are none here,
   * so the values are those without the plug-ins. Default false.
   */
  readonly metadata?: boolean;
  /** Adds the observation domain as `odid`. Default false. */
  readonly odid?: boolean;
  /** Adds what is known of the message: `exportTime` (s), `seqNumber`, `odid`, `msgLength`, `srcAddr`, `templateId`. Default false. */
  readonly detailedInfo?: boolean;
  /** The exporter's address, for `detailedInfo`; left out where it is not known. */
  readonly exporterAddress?: string;
}

export const defaultIpfixcolLineOptions = {
  tcpFlags: 'formatted',
  timestamp: 'unix',
  protocol: 'raw',
  ignoreUnknown: true,
  ignoreOptions: true,
  nonPrintableChar: false,
  octetArrayAsUint: true,
  prefix: 'ipfix.',
  metadata: false,
  odid: false,
  detailedInfo: false,
} as const satisfies IpfixcolLineOptions;
