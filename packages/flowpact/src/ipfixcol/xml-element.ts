import { SaxesParser } from 'saxes';
import { FlowpactError } from '../flowpact-error.ts';

/** An element of a configuration file: no attributes, no namespaces, no mixed content. */
export interface XmlElement {
  readonly name: string;
  /** Its own text, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** Line in the file, from 1. */
  readonly line: number;
}

/** Ends the reading of a file with what is wrong with one of its elements. */
export type Refuse = (element: XmlElement, what: string) => never;

const maxNesting = 32;
const maxLength = 1 << 20;

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
  readonly line: number;
}

/**
 * Parses a configuration file of 1 MiB at most, nested 32 deep at most. Document type declarations are refused, and
 * entities with them: nothing here needs them, and they are how XML is made to explode.
 * @throws FlowpactError `FLOWPACT_FILE` with the line.
 */
export function parseXml(text: string, file: string): XmlElement {
  const parser = new SaxesParser({ position: true, fileName: file });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  const fail = (what: string): never => {
    throw new FlowpactError('FLOWPACT_FILE', `${file}:${parser.line}: ${what}`);
  };
  parser.on('error', (error) => fail(error.message.replace(/^.*?:\d+:\d+: /, '')));
  parser.on('doctype', () => fail('a document type declaration is not accepted'));
  parser.on('opentag', ({ name }) => {
    if (open.length >= maxNesting) fail(`elements are nested more than ${maxNesting} deep`);
    open.push({ name, text: '', children: [], line: parser.line });
  });
  parser.on('text', (piece) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += piece;
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const element = { ...closed, text: closed.text.trim() };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  if (text.length > maxLength) fail('the file is larger than 1 MiB');
  parser.write(text).close();
  return root ?? fail('there is no element in it');
}

/** The children of that name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child of that name; undefined where there is none, or it is empty. */
export function childText(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text || undefined;
}
