import type { PersonToken } from './access.ts';

export interface ApiConfig {
  /** The address that is listened on; a token is not demanded where it is a loopback one. */
  readonly host: string;
  /** Other names that loopback requests may be addressed to, beside `localhost` and addresses. Default none. */
  readonly hostNames?: readonly string[];
  /** What requests off loopback, and on loopback where it is given, must have in `Authorization: Bearer …`. */
  readonly token?: string;
  /**
   * Tokens of single people, which do as well. Where there are any, mitigations are approved, rejected, extended and taken back
   * with them alone, in the names that they belong to.
   */
  readonly people?: readonly PersonToken[];
  /** Whether requests that change something are allowed. Default false. */
  readonly mayChange?: boolean;
  /** Where the built page is; left out: there is no page. */
  readonly pageFolder?: string;
  readonly limits?: Partial<ApiLimits>;
}

export interface ApiLimits {
  /** Requests that an address may make at once. Default 120. */
  readonly burst: number;
  /** Requests a second that it may go on with. Default 30. */
  readonly requestsPerSecond: number;
  /** Addresses that requests are counted of; those quiet for longest leave. Default 4,096. */
  readonly maxAddresses: number;
  /** Streams open at the same time. Default 32. */
  readonly maxStreams: number;
  /** Octets that may wait for a slow reader of a stream; ticks that do not fit are left out and counted. Default 256 KiB. */
  readonly maxStreamBacklogOctets: number;
  /** Between two ticks of the stream, milliseconds. Default 1,000. */
  readonly tickMs: number;
  /** Detections, and events, that one tick has at most. Default 25. */
  readonly maxSample: number;
}

export const defaultApiLimits: ApiLimits = {
  burst: 120,
  requestsPerSecond: 30,
  maxAddresses: 4096,
  maxStreams: 32,
  maxStreamBacklogOctets: 256 * 1024,
  tickMs: 1000,
  maxSample: 25,
};
