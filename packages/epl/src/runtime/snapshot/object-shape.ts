import { fieldsOfClass, mayHide, typeOfEvent } from '../event-type.ts';
import { copierOf } from '../table/table-row.ts';
import { shapeKind } from './value-tag.ts';

/** What objects of one make have in common. */
export interface Shape {
  readonly number: number;
  readonly kind: (typeof shapeKind)[keyof typeof shapeKind];
  /** Of events and records, in their order. */
  readonly fields: readonly string[];
  /** Of events whose class is their type's own, the name of the type. */
  readonly typeName: string | undefined;
  /** Objects may have properties beside their fields. */
  readonly hides: boolean;
  /** Rows of a table live there: what stands for one elsewhere is a copy. */
  readonly copy: ((this: object) => object) | undefined;
  /** The objects of the shape in the order in which they were met. */
  readonly members: object[];
  /** How many of them have been written. */
  written: number;
}

/** Tells objects apart by their make. */
export class ShapeTable {
  readonly shapes: Shape[] = [];
  private readonly byPrototype = new Map<object | null, Shape>();
  private readonly byFields = new Map<string, Shape>();
  /** What was asked for last: objects of one make mostly come together. */
  private lastPrototype: object | null | undefined;
  private lastShape: Shape | undefined;

  /** Undefined for what no snapshot can hold: functions with their closures, instances of foreign classes. */
  shapeOf(object: object): Shape | undefined {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype === this.lastPrototype) return this.lastShape;
    if (prototype === Object.prototype || prototype === null) return this.recordShape(object);
    const shape = this.byPrototype.get(prototype) ?? this.create(object, prototype);
    if (shape === undefined) return undefined;
    this.byPrototype.set(prototype, shape);
    this.lastPrototype = prototype;
    this.lastShape = shape;
    return shape;
  }

  private recordShape(object: object): Shape {
    const fields = Object.keys(object);
    const key = JSON.stringify(fields);
    let shape = this.byFields.get(key);
    if (shape === undefined) {
      shape = this.add(shapeKind.record, fields);
      this.byFields.set(key, shape);
    }
    return shape;
  }

  private create(object: object, prototype: object): Shape | undefined {
    switch (prototype) {
      case Array.prototype:
        return this.add(shapeKind.array);
      case Map.prototype:
        return this.add(shapeKind.map);
      case Set.prototype:
        return this.add(shapeKind.set);
      case Date.prototype:
        return this.add(shapeKind.date);
      case Uint8Array.prototype:
        return this.add(shapeKind.bytes);
      default: {
        const copy = copierOf(prototype);
        if (copy !== undefined) {
          const plain = this.shapeOf(copy.call(object));
          return plain && { ...plain, copy };
        }
        const fields = fieldsOfClass(prototype);
        return fields && this.add(shapeKind.event, fields, typeOfEvent(object)?.name, mayHide(prototype));
      }
    }
  }

  private add(kind: Shape['kind'], fields: readonly string[] = [], typeName?: string, hides = false): Shape {
    const shape: Shape = {
      number: this.shapes.length,
      kind,
      fields,
      typeName,
      hides,
      copy: undefined,
      members: [],
      written: 0,
    };
    this.shapes.push(shape);
    return shape;
  }
}
