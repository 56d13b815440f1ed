import type { FlowValue } from '@flowpact/event';
import { additionPrefix } from '../document-format.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { parseJsonText } from '../json/parse-json.ts';
import type { Addition } from '../model/addition.ts';
import type { Json } from '../model/message-json.ts';
import { typedTextOf, valueOfTypedText } from '../model/typed-text.ts';
import { type XmlElement, type XmlNode, xml } from '../xml/xml-element.ts';
import { xmlJson } from '../xml/xml-json.ts';
import type { XmlReading } from '../xml/xml-reading.ts';

/** RFC 5070, section 3.6; RFC 7970, section 2.12. Undefined for a value without common text. */
export function additionalDataNode(meaning: string, value: FlowValue | undefined): XmlNode | undefined {
  const typed = typedTextOf(value);
  if (typed === undefined) return undefined;
  const type = typed.type === 'octets' ? { dtype: 'string', formatid: 'octets' } : { dtype: typed.type };
  return xml('AdditionalData', { ...type, meaning }, typed.text);
}

/** A field of the model under its path, as JSON text: `meaning="flowpact:event.targets[0].asn"`. */
export function additionNode({ path, value }: Addition): XmlNode {
  const attributes = { dtype: 'string', formatid: 'json', meaning: `${additionPrefix}${path}` };
  return xml('AdditionalData', attributes, xmlJson(value));
}

export interface ReadAdditionalData {
  readonly additions: readonly Addition[];
  readonly properties: readonly { readonly name: string; readonly value: Json }[];
}

/**
 * What was added by us, and what anybody else said by name.
 * @throws FormatsError where an addition is not JSON or beyond a limit
 */
export function readAdditionalData(
  elements: readonly XmlElement[],
  reading: XmlReading,
  limits: FormatsLimits,
): ReadAdditionalData {
  const additions: Addition[] = [];
  const properties: { name: string; value: Json }[] = [];
  for (const element of elements) {
    const { name, value } = propertyOf(element, reading);
    if (!name.startsWith(additionPrefix)) {
      if (element.children.length === 0) properties.push({ name, value });
      continue;
    }
    additions.push({ path: name.slice(additionPrefix.length), value: parseJsonText(element.text, limits) });
  }
  return { additions, properties };
}

export function propertyOf(
  element: XmlElement,
  reading: XmlReading,
): { readonly name: string; readonly value: Json } {
  const dtype = reading.attribute(element, 'dtype');
  const type = reading.attribute(element, 'formatid') === 'octets' ? 'octets' : dtype;
  return {
    name: reading.attribute(element, 'meaning') ?? element.name,
    value: valueOfTypedText(type, element.text),
  };
}
