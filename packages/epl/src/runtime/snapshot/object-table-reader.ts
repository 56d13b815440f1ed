import { markAbsent } from '../absent-event.ts';
import { createEventType, type EventType, fieldsOfClass } from '../event-type.ts';
import { attachEvidence } from '../evidence.ts';
import type { ByteReader } from './byte-reader.ts';
import { UnfitState } from './state-stream.ts';
import { ValueReader } from './value-reader.ts';
import { columnKind, extraKind, shapeKind } from './value-tag.ts';

/** What is filled in may be more than what was read, since equal values are written once: so many times more. */
const mostCellsPerByte = 256;

interface ReadShape {
  readonly kind: number;
  readonly fields: readonly string[];
  readonly typeName: string | undefined;
  readonly members: object[];
  filled: number;
}

/**
 * Makes the objects that an `ObjectTableWriter` wrote: first all of them, empty, then what they hold.
 * @param typeOf the event types of the runtime, whose classes events may have as their own
 */
export function readObjects(
  from: ByteReader,
  texts: readonly string[],
  typeOf: (name: string) => EventType | undefined,
): readonly object[] {
  const cells = { left: from.left * mostCellsPerByte };
  const shapes = readShapes(from, texts);
  const objects = createObjects(from, shapes, typeOf);
  const reader = new ValueReader(from, texts, objects);
  for (let chunks = from.count(); chunks > 0; chunks--) {
    const shape = shapes[from.unsigned()];
    const count = from.unsigned();
    if (shape === undefined || count > shape.members.length - shape.filled)
      throw new UnfitState('there are more contents than objects');
    const members = shape.members.slice(shape.filled, shape.filled + count);
    shape.filled += count;
    cells.left -= count * shape.fields.length;
    if (cells.left < 0) throw new UnfitState('it would fill more than it is long');
    fill(shape, members, reader);
  }
  if (shapes.some(({ members, filled }) => filled < members.length))
    throw new UnfitState('there are more objects than contents');
  return objects;
}

function readShapes(from: ByteReader, texts: readonly string[]): readonly ReadShape[] {
  const textOf = (number: number): string => {
    const text = texts[number];
    if (text === undefined) throw new UnfitState('a text is missing');
    return text;
  };
  return Array.from({ length: from.count() }, () => {
    const kind = from.byte();
    const typeName = from.unsigned();
    const fields = Array.from({ length: from.count() }, () => textOf(from.unsigned()));
    if (new Set(fields).size < fields.length) throw new UnfitState('a field stands twice');
    return {
      kind,
      fields,
      typeName: typeName === 0 ? undefined : textOf(typeName - 1),
      members: [],
      filled: 0,
    };
  });
}

function createObjects(
  from: ByteReader,
  shapes: readonly ReadShape[],
  typeOf: (name: string) => EventType | undefined,
): readonly object[] {
  const objects: object[] = [];
  const total = from.unsigned();
  // Each is named somewhere.
  if (total > from.left) throw new UnfitState(`${total} objects in ${from.left} bytes`);
  const runs = Array.from({ length: from.count() }, () => ({
    shape: shapes[from.unsigned()],
    count: from.unsigned(),
  }));
  let counted = 0;
  for (const { shape, count } of runs) {
    counted += count;
    if (shape === undefined || counted > total) throw new UnfitState('objects are missing');
  }
  if (counted < total) throw new UnfitState('objects are missing');
  const creators = new Map(shapes.map((shape) => [shape, creatorOf(shape, from, typeOf)]));
  // The lengths of all bytes stand together, in the order of the shapes: there is one such shape at most.
  for (const { shape, count } of runs) {
    const create = creators.get(shape)!;
    for (let i = 0; i < count; i++) {
      const object = create();
      shape.members.push(object);
      objects.push(object);
    }
  }
  return objects;
}

function creatorOf(
  { kind, fields, typeName }: ReadShape,
  from: ByteReader,
  typeOf: (name: string) => EventType | undefined,
): () => object {
  switch (kind) {
    case shapeKind.event: {
      const own = typeName === undefined ? undefined : typeOf(typeName)?.Instance;
      const Instance = own !== undefined && hasFields(own, fields) ? own : classOf(fields);
      return () => new Instance();
    }
    case shapeKind.record:
      return () => ({});
    case shapeKind.array:
      return () => [];
    case shapeKind.map:
      return () => new Map();
    case shapeKind.set:
      return () => new Set();
    case shapeKind.date:
      return () => new Date(Number.NaN);
    case shapeKind.bytes:
      return () => new Uint8Array(from.count());
    default:
      throw new UnfitState(`there is no kind of objects ${kind}`);
  }
}

/** The class that the events of all types with these properties share. */
const classOf = (fields: readonly string[]): (new () => object) =>
  createEventType(
    '',
    fields.map((name) => ({ name, type: 'object' })),
  ).Instance;

function hasFields(own: new () => object, fields: readonly string[]): boolean {
  const known = fieldsOfClass(own.prototype) ?? [];
  return known.length === fields.length && known.every((name, i) => name === fields[i]);
}

function fill(shape: ReadShape, members: readonly object[], reader: ValueReader): void {
  const { from } = reader;
  switch (shape.kind) {
    case shapeKind.event:
    case shapeKind.record:
      for (const field of shape.fields) fillColumn(members, field, reader);
      fillExtras(members, reader);
      break;
    case shapeKind.array:
      for (const array of members as unknown[][])
        for (let left = from.count(); left > 0; left--) array.push(reader.read());
      break;
    case shapeKind.map:
      for (const map of members as Map<unknown, unknown>[])
        for (let left = from.count(); left > 0; left--) map.set(reader.read(), reader.read());
      break;
    case shapeKind.set:
      for (const set of members as Set<unknown>[])
        for (let left = from.count(); left > 0; left--) set.add(reader.read());
      break;
    case shapeKind.date:
      for (const date of members as Date[]) {
        const time = reader.read();
        date.setTime(typeof time === 'number' ? time : Number.NaN);
      }
      break;
    case shapeKind.bytes:
      for (const bytes of members as Uint8Array[]) bytes.set(from.take(bytes.length));
      break;
    default:
      throw new UnfitState(`there is no kind of objects ${shape.kind}`);
  }
}

function fillColumn(members: readonly object[], field: string, reader: ValueReader): void {
  const { from } = reader;
  const set = setterOf(field);
  const kind = from.byte();
  switch (kind) {
    case columnKind.mixed:
      for (const object of members) set(object, reader.read());
      break;
    case columnKind.same: {
      const value = reader.read();
      for (const object of members) set(object, value);
      break;
    }
    case columnKind.integers: {
      let last = 0;
      for (const object of members) {
        last += from.signed();
        set(object, last);
      }
      break;
    }
    case columnKind.doubles:
      for (const object of members) set(object, from.double());
      break;
    case columnKind.texts:
      for (const object of members) set(object, reader.text());
      break;
    default:
      throw new UnfitState(`there is no kind of columns ${kind}`);
  }
}

/** `__proto__` is a name like any other, and no way to another prototype. */
const setterOf = (field: string): ((object: object, value: unknown) => void) =>
  field === '__proto__'
    ? (object, value) => define(object, field, value, true)
    : (object, value) => {
        (object as Record<string, unknown>)[field] = value;
      };

function define(object: object, field: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, field, { value, enumerable, writable: true, configurable: true });
}

function fillExtras(members: readonly object[], reader: ValueReader): void {
  const { from } = reader;
  for (let place = from.unsigned(); place > 0; place = from.unsigned()) {
    const object = members[place - 1];
    if (object === undefined) throw new UnfitState('an object is missing');
    const kind = from.byte();
    switch (kind) {
      case extraKind.evidence: {
        const evidence = reader.read();
        if (!Array.isArray(evidence) || evidence.some((event) => typeof event !== 'object' || event === null))
          throw new UnfitState('evidence is none');
        attachEvidence(object as never, evidence);
        break;
      }
      case extraKind.absent:
        markAbsent(object as never);
        break;
      case extraKind.hidden:
        define(object, reader.text(), reader.read(), false);
        break;
      default:
        throw new UnfitState(`there is no kind of values ${kind}`);
    }
  }
}
