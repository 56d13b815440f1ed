import type { DerCodec } from './der-codec.ts';
import type { DerReader } from './der-reader.ts';
import type { DerWriter } from './der-writer.ts';
import { describeValue } from './describe-value.ts';
import { readElement, writeElement } from './element.ts';
import { contextTag, tagIdentity, tags } from './tags.ts';

/** One component of a SEQUENCE. */
export interface Field<T> {
  /** The number of its explicit context tag; undefined where it has none. */
  readonly tag: number | undefined;
  readonly optional: boolean;
  readonly type: DerCodec<T>;
}

/** `name [tag] Type` */
export function required<T>(tag: number | undefined, type: DerCodec<T>): Field<T> {
  return { tag, optional: false, type };
}

/** `name [tag] Type OPTIONAL` */
export function optional<T>(tag: number | undefined, type: DerCodec<T>): Field<T> {
  return { tag, optional: true, type };
}

/** The fields of a sequence by name, in the order of the module. */
export type Fields<T> = { readonly [K in Exclude<keyof T, 'extensions'>]-?: Field<Exclude<T[K], undefined>> };

/** What a SEQUENCE with an extension marker may carry beside its own fields. */
export interface Extensible {
  /**
   * Fields that a later version has added, each a whole element (identifier, length, contents), in their order.
   * Kept when decoding and encoded unchanged; absent where there are none.
   */
  readonly extensions?: readonly Uint8Array[];
}

/** SEQUENCE { fields, ... } */
export function extensibleSequenceCodec<T extends Extensible>(fields: Fields<T>): DerCodec<T> {
  return sequence<T>(fields, true);
}

/** SEQUENCE { fields } */
export function sequenceCodec<T>(fields: Fields<T>): DerCodec<T> {
  return sequence<T>(fields, false);
}

interface Component {
  readonly name: string;
  readonly tag: number | undefined;
  readonly optional: boolean;
  readonly type: DerCodec<unknown>;
}

function sequence<T>(fields: Fields<T>, extensible: boolean): DerCodec<T> {
  const components: Component[] = Object.entries<Field<unknown>>(fields).map(([name, field]) => ({
    ...field,
    name,
    tag: field.tag === undefined ? undefined : contextTag(field.tag),
  }));
  // Only extensible sequences need these, and all fields of those are tagged.
  const known = components.flatMap(({ tag }) => tag ?? []);

  return {
    matches: (octet) => octet === tags.sequence,
    write(writer, value) {
      const mark = writer.size;
      if (typeof value !== 'object' || value === null)
        writer.fail(`${describeValue(value)} is not an object`);
      const values = value as Readonly<Record<string, unknown>>;
      if (extensible) writeExtensions(writer, (value as Extensible).extensions, known);
      for (let i = components.length - 1; i >= 0; i--) writeComponent(writer, components[i], values);
      writer.header(tags.sequence, mark);
    },
    read(reader) {
      const outerEnd = reader.enter(tags.sequence);
      const values: Record<string, unknown> = {};
      for (const component of components) readComponent(reader, component, values);
      if (extensible && reader.position < reader.end) values.extensions = readExtensions(reader, known);
      reader.leave(outerEnd);
      return values as T;
    },
  };
}

function writeComponent(
  writer: DerWriter,
  component: Component,
  values: Readonly<Record<string, unknown>>,
): void {
  const { name, tag, type } = component;
  const value = values[name];
  writer.path.push(name);
  if (value === undefined) {
    if (!component.optional) writer.fail('must be there');
  } else if (tag === undefined) {
    type.write(writer, value);
  } else {
    const mark = writer.size;
    type.write(writer, value);
    writer.header(tag, mark);
  }
  writer.path.pop();
}

function readComponent(reader: DerReader, component: Component, values: Record<string, unknown>): void {
  const { name, tag, type } = component;
  const found = reader.peek();
  const isImplicit = tag !== undefined && reader.tagging === 'implicit';
  const present =
    found >= 0 &&
    (tag === undefined
      ? type.matches(found)
      : found === tag || (isImplicit && tagIdentity(found) === tagIdentity(tag)));
  if (!present && component.optional) return;
  reader.path.push(name);
  if (tag === undefined) {
    values[name] = type.read(reader);
  } else if (isImplicit) {
    reader.replacedTag = tagIdentity(tag);
    values[name] = type.read(reader);
  } else {
    const outerEnd = reader.enter(tag);
    values[name] = type.read(reader);
    reader.leave(outerEnd);
  }
  reader.path.pop();
}

function readExtensions(reader: DerReader, known: readonly number[]): Uint8Array[] {
  const extensions: Uint8Array[] = [];
  while (reader.position < reader.end) {
    reader.count('maxItems');
    extensions.push(readElement(reader, known));
  }
  return extensions;
}

function writeExtensions(
  writer: DerWriter,
  extensions: readonly Uint8Array[] | undefined,
  known: readonly number[],
): void {
  if (extensions === undefined) return;
  if (!Array.isArray(extensions)) writer.fail(`extensions: ${describeValue(extensions)} is not an array`);
  writer.path.push('extensions', 0);
  for (let i = extensions.length - 1; i >= 0; i--) {
    writer.path[writer.path.length - 1] = i;
    writeElement(writer, extensions[i], known);
  }
  writer.path.length -= 2;
}
