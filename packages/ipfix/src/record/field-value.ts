/**
 * A field's value as JavaScript holds it:
 *
 * | abstract data type | value |
 * |---|---|
 * | unsigned and signed integers | number; bigint beyond ±(2^53 - 1) |
 * | float32, float64 | number |
 * | boolean | boolean |
 * | ipv4Address, ipv6Address, macAddress | text: `192.0.2.1`, `2001:db8::1`, `00:00:5e:00:53:01` |
 * | string | string, without the NULs that pad it at its end |
 * | dateTime… | number: milliseconds since 1970 UTC, with a fraction for micro- and nanoseconds |
 * | octetArray, unknown elements | Uint8Array |
 * | basicList, subTemplateList, subTemplateMultiList | read: `ListValue`, or a Uint8Array where it cannot be; written: Uint8Array |
 */
export type FieldValue = number | bigint | string | boolean | Uint8Array;
