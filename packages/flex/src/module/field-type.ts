import type { DerCodec } from '../der/der-codec.ts';
import { describeValue } from '../der/describe-value.ts';
import { readElement, writeElement } from '../der/element.ts';
import { optional, required, sequenceCodec } from '../der/sequence.ts';
import { tags } from '../der/tags.ts';
import { utf8StringCodec } from '../der/utf8-string.ts';
import { informationElementIdCodec, privateEnterpriseNumberCodec } from './constrained-types.ts';

/**
 * ```asn1
 * FieldType ::= CHOICE {
 *     iana        InformationElementId,
 *     enterprise  SEQUENCE {
 *         id      InformationElementId,
 *         pen     PrivateEnterpriseNumber,           -- 29305 = reverse (RFC 5103)
 *         name    UTF8String OPTIONAL
 *     },
 *     named       UTF8String,                        -- no IPFIX number at all
 *     ...
 * }
 * InformationElementId ::= INTEGER (1..32767)
 * ```
 * `unknown` is an alternative that a later version added: its whole element.
 */
export type FieldType =
  | { readonly kind: 'iana'; readonly id: number }
  | ({ readonly kind: 'enterprise' } & EnterpriseField)
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'unknown'; readonly element: Uint8Array };

interface EnterpriseField {
  readonly id: number;
  readonly pen: number;
  readonly name?: string;
}

const enterpriseCodec = sequenceCodec<EnterpriseField>({
  id: required(undefined, informationElementIdCodec),
  pen: required(undefined, privateEnterpriseNumberCodec),
  name: optional(undefined, utf8StringCodec),
});

const known = [tags.integer, tags.sequence, tags.utf8String];

export const fieldTypeCodec: DerCodec<FieldType> = {
  matches: () => true,
  write(writer, field) {
    if (typeof field !== 'object' || field === null)
      writer.fail(`${describeValue(field)} is no kind of field`);
    switch (field.kind) {
      case 'iana':
        informationElementIdCodec.write(writer, field.id);
        return;
      case 'enterprise':
        enterpriseCodec.write(writer, field);
        return;
      case 'named':
        utf8StringCodec.write(writer, field.name);
        return;
      case 'unknown':
        writeElement(writer, field.element, known);
        return;
      default:
        writer.fail(`${describeValue((field satisfies never as FieldType).kind)} is no kind of field`);
    }
  },
  read(reader) {
    switch (reader.peek()) {
      case tags.integer:
        return { kind: 'iana', id: informationElementIdCodec.read(reader) };
      case tags.sequence:
        return { kind: 'enterprise', ...enterpriseCodec.read(reader) };
      case tags.utf8String:
        return { kind: 'named', name: utf8StringCodec.read(reader) };
      default:
        return { kind: 'unknown', element: readElement(reader, known) };
    }
  },
};
