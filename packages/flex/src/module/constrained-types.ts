import { integerCodec, integerRangeCodec } from '../der/integer.ts';
import { octetStringCodec } from '../der/octet-string.ts';

// Unsigned8               ::= INTEGER (0..255)
export const unsigned8Codec = integerRangeCodec(0, 255);

// Unsigned16              ::= INTEGER (0..65535)
export const unsigned16Codec = integerRangeCodec(0, 65535);

// Unsigned32              ::= INTEGER (0..4294967295)
export const unsigned32Codec = integerRangeCodec(0, 4294967295);

// PrivateEnterpriseNumber ::= INTEGER (1..4294967295)
export const privateEnterpriseNumberCodec = integerRangeCodec(1, 4294967295);

// InformationElementId    ::= INTEGER (1..32767)
export const informationElementIdCodec = integerRangeCodec(1, 32767);

// PrefixLength            ::= INTEGER (0..128)
export const prefixLengthCodec = integerRangeCodec(0, 128);

// Percent                 ::= INTEGER (0..100)
export const percentCodec = integerRangeCodec(0, 100);

// Natural                 ::= INTEGER (0..MAX)
export const naturalCodec = integerCodec(0);

// Positive                ::= INTEGER (1..MAX)
export const positiveCodec = integerCodec(1);

// IpAddress               ::= OCTET STRING (SIZE (4 | 16))
export const ipAddressCodec = octetStringCodec([4, 16]);
