/** What is read of the JSON that nft writes (libnftables-json(5)). */
export interface NftDocument {
  readonly nftables: readonly NftObject[];
}

export interface NftObject {
  readonly chain?: { readonly name: string };
  readonly rule?: { readonly chain: string; readonly handle: number; readonly expr: readonly NftStatement[] };
  readonly map?: { readonly name: string; readonly elem?: readonly (readonly [NftValue, NftVerdict])[] };
  readonly set?: { readonly name: string; readonly elem?: readonly { readonly elem?: NftElement }[] };
}

/** What a map of verdicts leads to. */
export interface NftVerdict {
  readonly jump?: { readonly target: string };
}

export interface NftElement {
  readonly val: NftValue;
  /** Seconds that are left. */
  readonly expires?: number;
}

export interface NftStatement {
  readonly match?: { readonly op: string; readonly left: NftExpression; readonly right: NftValue };
  readonly counter?: { readonly packets: number; readonly bytes: number };
  readonly limit?: { readonly rate: number; readonly rate_unit: string };
  readonly mangle?: { readonly value: number };
  readonly vmap?: { readonly data: NftValue };
}

export interface NftExpression {
  readonly payload?: { readonly protocol: string; readonly field: string };
  readonly meta?: { readonly key: string };
  readonly exthdr?: { readonly name: string };
  /** An expression and the bits that are looked at. */
  readonly '&'?: readonly [NftExpression, NftValue];
}

export type NftValue =
  | string
  | number
  | boolean
  | readonly number[]
  | { readonly prefix: { readonly addr: string; readonly len: number } }
  | { readonly range: readonly [number, number] }
  | { readonly set: readonly NftValue[] };
