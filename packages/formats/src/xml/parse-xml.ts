import { SaxesParser } from 'saxes';
import { FormatsError } from '../formats-error.ts';
import { checkSize, type FormatsLimits } from '../formats-limits.ts';
import type { XmlElement } from './xml-element.ts';

interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
  readonly line: number;
}

/**
 * An XML 1.0 document with namespaces as a tree. Nothing is loaded, no entity but the five of XML is known: a document
 * type declaration that only names its DTD is passed over (IDMEF documents have one), one that declares anything is
 * refused.
 * @throws FormatsError `FORMATS_BAD_ENCODING`, `FORMATS_BAD_SYNTAX`, `FORMATS_FORBIDDEN` or `FORMATS_LIMIT`
 */
export function parseXml(bytes: Uint8Array, limits: FormatsLimits): XmlElement {
  checkSize(bytes, limits);
  const text = xmlText(bytes);
  const parser = new SaxesParser({ xmlns: true, position: true });
  const fail = (code: FormatsError['code'], message: string, cause?: unknown): never => {
    throw new FormatsError(code, message, { place: `line ${parser.line}, column ${parser.column}`, cause });
  };
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let nodes = 0;

  parser.on('error', (error) => fail('FORMATS_BAD_SYNTAX', `not well-formed XML: ${error.message}`, error));
  parser.on('doctype', (declaration) => {
    if (declaration.includes('[')) {
      fail(
        'FORMATS_FORBIDDEN',
        'the document declares a DTD of its own, which is not accepted: leave it out',
      );
    }
  });
  parser.on('opentag', (tag) => {
    if (open.length >= limits.maxNesting) {
      fail('FORMATS_LIMIT', `elements nest deeper than maxNesting, ${limits.maxNesting}`);
    }
    const attributes = new Map<string, string>();
    for (const { prefix, local, value } of Object.values(tag.attributes)) {
      if (prefix !== 'xmlns' && local !== 'xmlns')
        attributes.set(prefix === 'xml' ? `xml:${local}` : local, value);
    }
    nodes += 1 + attributes.size;
    if (nodes > limits.maxNodes) {
      fail('FORMATS_LIMIT', `more elements and attributes than maxNodes, ${limits.maxNodes}`);
    }
    open.push({ name: tag.local, namespace: tag.uri, attributes, children: [], text: '', line: parser.line });
  });
  const addText = (data: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += data;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  return root ?? fail('FORMATS_BAD_SYNTAX', 'no element in the document');
}

/** In the encoding of its byte order mark or its XML declaration; UTF-8 without either (XML 1.0, appendix F). The end of a part may cut a character. */
function xmlText(bytes: Uint8Array, isWhole = true): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,30})["']/.exec(head)?.[1];
  const label = head.startsWith('\xfe\xff')
    ? 'utf-16be'
    : head.startsWith('\xff\xfe')
      ? 'utf-16le'
      : declared;
  try {
    return new TextDecoder(label ?? 'utf-8', { fatal: isWhole }).decode(bytes);
  } catch (cause) {
    throw new FormatsError('FORMATS_BAD_ENCODING', `the XML document is not text in ${label ?? 'UTF-8'}`, {
      cause,
    });
  }
}

/** The local name and the namespace of the root element, for telling formats apart; undefined where there is none. */
export function xmlRootOf(
  bytes: Uint8Array,
): { readonly name: string; readonly namespace: string } | undefined {
  let root: { readonly name: string; readonly namespace: string } | undefined;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw new FormatsError('FORMATS_BAD_SYNTAX', error.message);
  });
  parser.on('opentag', (tag) => {
    root ??= { name: tag.local, namespace: tag.uri };
  });
  try {
    parser.write(xmlText(bytes.subarray(0, 4096), false));
  } catch {
    // Cut off or broken after the root element: the decoder will say so.
  }
  return root;
}
