import type { AbstractDataType } from './abstract-data-type.ts';

/** One Information Element (RFC 7012 section 2.1) as IANA or an enterprise registered it. */
export interface InformationElement {
  /** Private Enterprise Number; 0 means IANA's own registry. */
  readonly pen: number;
  /** 1 to 32767; enterprises use 0 as well. */
  readonly id: number;
  readonly name: string;
  readonly dataType: AbstractDataType;
  /** `deltaCounter`, `identifier`, `flags` …; absent where the registry does not say. */
  readonly semantics?: string;
  /** `octets`, `packets`, `milliseconds` …; absent where the registry does not say. */
  readonly units?: string;
  /** `current`, `deprecated`, or empty where the registry does not say. */
  readonly status: string;
}

/** A row of the generated table: pen, id, name, data type, semantics, units, status. */
export type ElementRow = readonly [
  pen: number,
  id: number,
  name: string,
  dataType: AbstractDataType,
  semantics: string,
  units: string,
  status: string,
];

/** A row of the generated table of the names that IPFIXcol 0.9.6 prints. */
export type IpfixcolNameRow = readonly [pen: number, id: number, name: string, dataType: AbstractDataType];
