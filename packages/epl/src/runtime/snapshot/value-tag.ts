/** The byte that a value begins with. Small whole numbers are their own tag. */
export const valueTag = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  integer: 4,
  double: 5,
  bigint: 6,
  text: 7,
  /** An object, by its number. */
  object: 8,
  /** The object behind the one that was named last: events mostly stand in the order in which they came. */
  nextObject: 9,
  /** From here on the whole numbers from 0. */
  small: 16,
} as const;

/** How the values of one property of many objects are written. */
export const columnKind = { mixed: 0, same: 1, integers: 2, doubles: 3, texts: 4 } as const;

/** What an object is, apart from what it holds. */
export const shapeKind = { event: 0, record: 1, array: 2, map: 3, set: 4, date: 5, bytes: 6 } as const;

/** What an object may have beside its fields. */
export const extraKind = { evidence: 0, absent: 1, hidden: 2 } as const;

/** Numbers that are written as whole numbers. */
export const isPacked = (value: number): boolean =>
  Number.isInteger(value) && value <= 2 ** 52 && value >= -(2 ** 52) && !Object.is(value, -0);
