import type { InformationElement } from '../registry/information-element.ts';

export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Integers beyond 2^53 - 1 are bigints, all others numbers. */
export type Integer = number | bigint;

/** A number that a record has or that follows from what it has. A record without it passes no test of it. */
export type Quantity =
  /** The first of these elements that the template has. */
  | { readonly kind: 'element'; readonly elements: readonly ElementNumber[] }
  /** The upper (`type`) or lower octet of an element that holds both type and code of ICMP. */
  | { readonly kind: 'icmp'; readonly octet: 'type' | 'code' }
  /** Milliseconds between start and end of the flow. */
  | { readonly kind: 'duration' }
  /** Bits or packets a second over the duration; 0 where the duration is 0, as nfdump has it. */
  | { readonly kind: 'rate'; readonly of: 'bits' | 'packets' }
  /** Octets a packet; 0 where there are no packets. */
  | { readonly kind: 'octets-per-packet' };

/** Number of an element: Private Enterprise Number and id. */
export interface ElementNumber {
  readonly pen: number;
  readonly id: number;
}

/** An IPv4 or IPv6 prefix; a single address has all of its bits. */
export type Network =
  | { readonly version: 4; readonly address: number; readonly prefixLength: number }
  | { readonly version: 6; readonly groups: readonly number[]; readonly prefixLength: number };

/** What a filter says, as the parser understood it. */
export type FilterExpression =
  | { readonly kind: 'any' }
  | { readonly kind: 'not'; readonly operand: FilterExpression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly FilterExpression[] }
  /** With several values, `=` means any of them and `!=` none of them; other operators have one value. */
  | {
      readonly kind: 'compare';
      readonly quantity: Quantity;
      readonly operator: CompareOperator;
      readonly values: readonly Integer[];
    }
  /** The address lies in one of the networks. */
  | {
      readonly kind: 'address';
      /** Elements with addresses of version 4 and of version 6; those the template has are all looked at. */
      readonly elements: readonly ElementNumber[];
      readonly networks: readonly Network[];
    }
  /** All these TCP flags are set. */
  | { readonly kind: 'flags'; readonly mask: number }
  | { readonly kind: 'ip-version'; readonly version: 4 | 6 }
  /** A text: string as it is, octetArray in lower-case hexadecimal; see {@link Quantity} for `elements`. */
  | {
      readonly kind: 'text';
      readonly elements: readonly InformationElement[];
      readonly operator: '=' | '!=' | 'contains';
      readonly values: readonly string[];
    };
