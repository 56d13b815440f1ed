import { fieldsOfClass, typeOfEvent } from '../event-type.ts';
import { shapeKind } from './value-tag.ts';

/** What objects of one make have in common. */
export interface Shape {
  readonly number: number;
  readonly kind: (typeof shapeKind)[keyof typeof shapeKind];
  /** Of events and records, in their order. */
  readonly fields: readonly string[];
  /** Of events whose class is their type's own, the name of the type. */
  readonly typeName: string | undefined;
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

  /** Undefined for what no snapshot can hold: functions with their closures, instances of foreign classes. */
  shapeOf(object: object): Shape | undefined {
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype === Object.prototype || prototype === null) return this.recordShape(object);
    const known = this.byPrototype.get(prototype);
    if (known !== undefined) return known;
    const shape = this.create(object, prototype);
    if (shape !== undefined) this.byPrototype.set(prototype, shape);
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
        const fields = fieldsOfClass(prototype);
        return fields && this.add(shapeKind.event, fields, typeOfEvent(object)?.name);
      }
    }
  }

  private add(kind: Shape['kind'], fields: readonly string[] = [], typeName?: string): Shape {
    const shape = { number: this.shapes.length, kind, fields, typeName, members: [], written: 0 };
    this.shapes.push(shape);
    return shape;
  }
}
