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

/** What the parser says of a prefix that nobody has declared; the options of the parser declare it then. */
const unboundPrefix = /unbound namespace prefix:? "?([^"\s]+)"?/;

/** Stands for none: the parser takes the empty one for a prefix without any. */
const noNamespace = 'urn:none';

/** A document that uses more prefixes without declaring them is none. */
const maxUnboundPrefixes = 8;

/**
 * An XML 1.0 document with namespaces as a tree. A prefix that is not declared, as some senders have them, stands for
 * no namespace. Nothing is loaded, no entity but the five of XML is known: a document
 * type declaration that only names its DTD is passed over (IDMEF documents have one), one that declares anything is
 * refused.
 * @throws FormatsError `FORMATS_BAD_ENCODING`, `FORMATS_BAD_SYNTAX`, `FORMATS_FORBIDDEN` or `FORMATS_LIMIT`
 */
export function parseXml(bytes: Uint8Array, limits: FormatsLimits): XmlElement {
  checkSize(bytes, limits);
  const text = xmlText(bytes);
  const additionalNamespaces: Record<string, string> = {};
  for (let unbound = 0; ; unbound++) {
    try {
      return parseText(text, limits, additionalNamespaces);
    } catch (error) {
      const [, prefix] = (error instanceof FormatsError && unboundPrefix.exec(error.message)) || [];
      if (prefix === undefined || unbound === maxUnboundPrefixes) throw error;
      additionalNamespaces[prefix] = noNamespace;
    }
  }
}

function parseText(
  text: string,
  limits: FormatsLimits,
  additionalNamespaces: Readonly<Record<string, string>>,
): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true, additionalNamespaces });
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
    open.push({
      name: tag.local,
      namespace: tag.uri === noNamespace ? '' : tag.uri,
      attributes,
      children: [],
      text: '',
      line: parser.line,
    });
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

/**
 * In the encoding of its byte order mark or its XML declaration; UTF-8 without either (XML 1.0, appendix F). A declaration
 * that can be read octet by octet is not in UTF-16, whatever it says. Space before the document is passed over. The end
 * of a part may cut a character.
 */
function xmlText(bytes: Uint8Array, isWhole = true): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,30})["']/.exec(head)?.[1];
  const label = /^(\xfe\xff|\0[^\0])/.test(head)
    ? 'utf-16be'
    : /^(\xff\xfe|[^\0]\0)/.test(head)
      ? 'utf-16le'
      : declared?.replace(/^(utf-16|ucs-2|iso-10646-ucs-2).*$/i, 'utf-8');
  try {
    return new TextDecoder(label ?? 'utf-8', { fatal: isWhole }).decode(bytes).replace(/^[\s\ufeff]+/, '');
  } catch (cause) {
    throw new FormatsError('FORMATS_BAD_ENCODING', `the XML document is not text in ${label ?? 'UTF-8'}`, {
      cause,
    });
  }
}

/** An element by its local name, where it begins. */
export interface XmlHead {
  readonly name: string;
  /** Empty where there is none. */
  readonly namespace: string;
  /** Its attribute `version`. */
  readonly version: string | undefined;
}

/** The first element of this name in the first 4 KiB, for telling formats apart; undefined where there is none. */
export function xmlHeadOf(bytes: Uint8Array, name: string): XmlHead | undefined {
  let found: XmlHead | undefined;
  const parser = new SaxesParser({});
  parser.on('error', (error) => {
    throw new FormatsError('FORMATS_BAD_SYNTAX', error.message);
  });
  parser.on('opentag', (tag) => {
    const [local, prefix] = tag.name.split(':').reverse();
    if (found !== undefined || local !== name) return;
    const namespace = tag.attributes[prefix === undefined ? 'xmlns' : `xmlns:${prefix}`];
    found = { name, namespace: namespace ?? '', version: tag.attributes.version };
  });
  try {
    parser.write(xmlText(bytes.subarray(0, 4096), false));
  } catch {
    // Cut off or broken after the root element: the decoder will say so.
  }
  return found;
}
