/**
 * What generated texts gave, as long as somebody uses it. Statements of one shape then share their classes and
 * functions, which keeps these warm: a thousand statements are no colder than one. It holds nothing alive and has no
 * influence on any result, so it may be shared by all that runs in the process.
 */
const known = new Map<string, WeakRef<object>>();
const forgotten = new FinalizationRegistry<string>((text) => {
  if (known.get(text)?.deref() === undefined) known.delete(text);
});
/** A function that made something lives as long as that. */
const makers = new WeakMap<object, object>();

/**
 * Runs a generated text and returns what it returns. The text must be made of fixed words, integers and JSON.stringify'd
 * literals only.
 * @param fixed values in the text's scope: classes and functions that others use too
 * @param own values of the one who asks. Without any, equal texts with equal `fixed` give the same object; otherwise
 *   one of their own, whose functions share their code
 */
export function generate<T extends object>(
  text: string,
  fixed: Readonly<Record<string, unknown>> = {},
  own: Readonly<Record<string, readonly unknown[]>> = {},
): T {
  const isOwn = Object.values(own).some((values) => values.length > 0);
  const names = [...Object.keys(fixed), ...Object.keys(own)];
  const values = [...Object.values(fixed), ...Object.values(own)];
  const make = () => new Function(...names, text) as (...values: unknown[]) => T;
  if (!isOwn) return remember(`${identitiesOf(Object.values(fixed))} ${text}`, () => make()(...values));
  const maker = remember(`${names} ${text}`, make);
  const made = maker(...values);
  makers.set(made, maker);
  return made;
}

/** Numbers in the place of classes and functions. */
const identities = new WeakMap<object, number>();
let latestIdentity = 0;

function identitiesOf(values: readonly unknown[]): string {
  const numbers = values.map((value) => {
    let identity = identities.get(value as object);
    if (identity === undefined) {
      identity = ++latestIdentity;
      identities.set(value as object, identity);
    }
    return identity;
  });
  return numbers.join(',');
}

function remember<T extends object>(text: string, make: () => T): T {
  const found = known.get(text)?.deref() as T | undefined;
  if (found !== undefined) return found;
  const made = make();
  known.set(text, new WeakRef(made));
  forgotten.register(made, text);
  return made;
}
