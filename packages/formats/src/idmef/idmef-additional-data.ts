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

/** RFC 4765, section 4.2.4.6: the type is an attribute and the name of the element around the value. */
export function additionalDataNode(meaning: string, value: FlowValue): XmlNode | undefined {
  const typed = typedTextOf(value);
  if (typed === undefined) return undefined;
  if (typed.type !== 'octets') return dataNode(meaning, typed.type, typed.text);
  return dataNode(meaning, 'byte-string', Buffer.from(typed.text, 'hex').toString('base64'));
}

/** A field of the model under its path, as JSON text. */
export function additionNode({ path, value }: Addition): XmlNode {
  return dataNode(`${additionPrefix}${path}`, 'string', xmlJson(value));
}

function dataNode(meaning: string, type: string, text: string): XmlNode {
  return xml('AdditionalData', { type, meaning }, xml(type, {}, text));
}

/**
 * What was added by us, and what anybody else said by name.
 * @throws FormatsError where an addition is not JSON or beyond a limit
 */
export function readAdditionalData(
  elements: readonly XmlElement[],
  reading: XmlReading,
  limits: FormatsLimits,
): { readonly additions: readonly Addition[]; readonly properties: readonly Json[] } {
  const additions: Addition[] = [];
  const properties: Json[] = [];
  for (const element of elements) {
    const name = reading.attribute(element, 'meaning') ?? 'AdditionalData';
    const type = reading.attribute(element, 'type') ?? 'string';
    // Drafts before the RFC had the value directly in AdditionalData.
    const text = (reading.child(element, type) ?? element).text;
    if (name.startsWith(additionPrefix)) {
      additions.push({ path: name.slice(additionPrefix.length), value: parseJsonText(text, limits) });
    } else if (type !== 'xmltext') {
      properties.push({ name, value: propertyValue(type, text) });
    }
  }
  return { additions, properties };
}

function propertyValue(type: string, text: string): Json {
  if (type !== 'byte-string') return valueOfTypedText(type, text);
  const isEncoded = /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text);
  return isEncoded ? { $octets: Buffer.from(text, 'base64').toString('hex') } : text;
}
