import type { Subject } from '../../compile/evaluator.ts';
import { isAbsent } from '../absent-event.ts';
import { evidenceKey } from '../evidence.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Shape, ShapeTable } from './object-shape.ts';
import type { TextTable } from './text-table.ts';
import { columnKind, extraKind, isPacked, shapeKind } from './value-tag.ts';
import { ValueWriter } from './value-writer.ts';

/**
 * The objects of a snapshot, each once, by numbers in the order in which they were met. What they hold is written in
 * chunks of one shape, events property by property: that is small and quick. Nothing here calls itself, so that
 * objects may hold one another as deep as they like.
 */
export class ObjectTableWriter {
  private readonly numbers = new Map<object, number>();
  private readonly table = new ShapeTable();
  /** The shapes of the objects by their numbers: shape and how many, by turns. */
  private readonly runs: number[] = [];
  private readonly contents: ByteWriter;
  private readonly texts: TextTable;
  private readonly writer: ValueWriter;
  private chunks = 0;
  private refused: string | undefined;

  constructor(texts: TextTable, mostBytes: number) {
    this.texts = texts;
    this.contents = new ByteWriter(mostBytes);
    this.writer = new ValueWriter(this.contents, texts, this);
  }

  get count(): number {
    return this.numbers.size;
  }

  /** Undefined for what no snapshot can hold. */
  numberOf(object: object): number | undefined {
    const known = this.numbers.get(object);
    if (known !== undefined) return known;
    const shape = this.table.shapeOf(object);
    if (shape === undefined) {
      this.refuse(`an object of the class ${object.constructor?.name}`);
      return undefined;
    }
    const number = this.numbers.size;
    this.numbers.set(object, number);
    shape.members.push(shape.copy === undefined ? object : shape.copy.call(object));
    const { runs } = this;
    if (runs.length > 0 && runs[runs.length - 2] === shape.number) runs[runs.length - 1]++;
    else runs.push(shape.number, 1);
    return number;
  }

  /** Something was met that no snapshot can hold. */
  refuse(what: string): void {
    this.refused ??= what;
  }

  /**
   * Writes what the objects hold that have been met, and all that these hold. Returns what was met in that, or before,
   * that no snapshot can hold.
   */
  settle(): string | undefined {
    for (let open = true; open; ) {
      open = false;
      for (const shape of this.table.shapes) {
        for (; shape.written < shape.members.length; open = true) this.writeChunk(shape);
      }
    }
    const { refused } = this;
    this.refused = undefined;
    return refused;
  }

  write(into: ByteWriter): void {
    const { shapes } = this.table;
    into.unsigned(shapes.length);
    for (const { kind, fields, typeName } of shapes) {
      into.byte(kind);
      into.unsigned(typeName === undefined ? 0 : this.texts.numberOf(typeName) + 1);
      into.unsigned(fields.length);
      for (const field of fields) into.unsigned(this.texts.numberOf(field));
    }
    into.unsigned(this.count);
    into.unsigned(this.runs.length / 2);
    for (const part of this.runs) into.unsigned(part);
    for (const { kind, members } of shapes)
      if (kind === shapeKind.bytes) for (const bytes of members as Uint8Array[]) into.unsigned(bytes.length);
    into.unsigned(this.chunks);
    into.append(this.contents.written());
  }

  private writeChunk(shape: Shape): void {
    const { contents } = this;
    const objects = shape.members.slice(shape.written, shape.written + longestChunk);
    shape.written += objects.length;
    this.chunks++;
    contents.unsigned(shape.number);
    contents.unsigned(objects.length);
    switch (shape.kind) {
      case shapeKind.event:
      case shapeKind.record:
        for (const field of shape.fields) this.writeColumn(objects, field);
        this.writeExtras(objects, shape);
        break;
      case shapeKind.array:
        for (const array of objects as unknown[][]) this.writeAll(array, array.length);
        break;
      case shapeKind.map:
        for (const map of objects as Map<unknown, unknown>[]) this.writeAll([...map].flat(), map.size);
        break;
      case shapeKind.set:
        for (const set of objects as Set<unknown>[]) this.writeAll(set, set.size);
        break;
      case shapeKind.date:
        for (const date of objects as Date[]) this.writer.number(date.getTime());
        break;
      case shapeKind.bytes:
        for (const bytes of objects as Uint8Array[]) contents.append(bytes);
        break;
      default:
        shape.kind satisfies never;
    }
  }

  private writeAll(values: Iterable<unknown>, count: number): void {
    this.contents.unsigned(count);
    for (const value of values) this.writer.write(value);
  }

  private writeColumn(objects: readonly object[], field: string): void {
    const { contents } = this;
    const values = objects.map((object) => (object as Record<string, unknown>)[field]);
    const kind = kindOf(values);
    contents.byte(kind);
    switch (kind) {
      case columnKind.mixed:
        for (const value of values) this.writer.write(value);
        break;
      case columnKind.same:
        this.writer.write(values[0]);
        break;
      case columnKind.integers: {
        let last = 0;
        for (const value of values as number[]) {
          contents.signed(value - last);
          last = value;
        }
        break;
      }
      case columnKind.doubles:
        for (const value of values as number[]) contents.double(value);
        break;
      case columnKind.texts:
        for (const value of values as string[]) contents.unsigned(this.texts.numberOf(value));
        break;
      default:
        kind satisfies never;
    }
  }

  /** What some of the objects have beside their fields. */
  private writeExtras(objects: readonly object[], shape: Shape): void {
    const { contents, writer } = this;
    for (let i = 0; i < objects.length; i++) {
      const object = objects[i];
      const evidence = (object as { readonly [evidenceKey]?: unknown })[evidenceKey];
      if (evidence !== undefined) {
        contents.unsigned(i + 1);
        contents.byte(extraKind.evidence);
        writer.write(evidence);
        if (isAbsent(object as Subject)) {
          contents.unsigned(i + 1);
          contents.byte(extraKind.absent);
        }
      }
      if (shape.hides) this.writeHidden(object, i + 1, shape.fields);
    }
    contents.unsigned(0);
  }

  private writeHidden(object: object, place: number, fields: readonly string[]): void {
    const { contents } = this;
    for (const name of Object.getOwnPropertyNames(object)) {
      if (fields.includes(name)) continue;
      contents.unsigned(place);
      contents.byte(extraKind.hidden);
      contents.unsigned(this.texts.numberOf(name));
      this.writer.write((object as Record<string, unknown>)[name]);
    }
  }
}

/** Objects of one shape that are written together. */
const longestChunk = 4096;

/** The narrowest way to write all of them. */
function kindOf(values: readonly unknown[]): (typeof columnKind)[keyof typeof columnKind] {
  const [first] = values;
  let same = values.length > 1;
  let integers = true;
  let doubles = true;
  let texts = true;
  for (const value of values) {
    if (!Object.is(value, first)) same = false;
    if (typeof value === 'number') {
      texts = false;
      if (integers && !isShort(value)) integers = false;
    } else {
      integers = doubles = false;
      if (typeof value !== 'string') texts = false;
    }
    if (!same && !doubles && !texts) return columnKind.mixed;
  }
  if (same) return columnKind.same;
  if (integers) return columnKind.integers;
  if (doubles) return columnKind.doubles;
  return texts ? columnKind.texts : columnKind.mixed;
}

/** The difference of two such numbers can be written as well. */
const isShort = (value: number): boolean => isPacked(value) && value <= 2 ** 50 && value >= -(2 ** 50);
