/**
 * The abstract data types of Information Elements: RFC 7012 section 3.1 and, for the three lists,
 * RFC 6313 section 4.
 */
export const abstractDataTypes = [
  'octetArray',
  'unsigned8',
  'unsigned16',
  'unsigned32',
  'unsigned64',
  'signed8',
  'signed16',
  'signed32',
  'signed64',
  'float32',
  'float64',
  'boolean',
  'macAddress',
  'string',
  'dateTimeSeconds',
  'dateTimeMilliseconds',
  'dateTimeMicroseconds',
  'dateTimeNanoseconds',
  'ipv4Address',
  'ipv6Address',
  'basicList',
  'subTemplateList',
  'subTemplateMultiList',
] as const;

export type AbstractDataType = (typeof abstractDataTypes)[number];
