/** The methods of `sorted(key)`, which see the events as a map from key to events in the order of the keys. */
export const sortedMethods = [
  'ceilingEvent',
  'ceilingEvents',
  'ceilingKey',
  'containsKey',
  'countEvents',
  'countKeys',
  'eventsBetween',
  'firstEvent',
  'firstEvents',
  'firstKey',
  'floorEvent',
  'floorEvents',
  'floorKey',
  'getEvent',
  'getEvents',
  'higherEvent',
  'higherEvents',
  'higherKey',
  'lastEvent',
  'lastEvents',
  'lastKey',
  'listReference',
  'lowerEvent',
  'lowerEvents',
  'lowerKey',
  'navigableMapReference',
  'submap',
] as const;

export type SortedMethod = (typeof sortedMethods)[number];

const byLowerCase: ReadonlyMap<string, SortedMethod> = new Map(
  sortedMethods.map((method) => [method.toLowerCase(), method]),
);

/** The method of that name, which is written in any case. */
export const sortedMethod = (name: string): SortedMethod | undefined => byLowerCase.get(name.toLowerCase());
