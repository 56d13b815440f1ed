/** One partition of a context, as those who choose among partitions see it. */
export interface ContextPartition {
  /** What statements read as `context.id`. */
  readonly id: number;
  /** What statements read as `context.…`, of a nested context by the names of its levels: `{ ByHost: { key1: … }, … }`. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Which partitions of a context are meant. A partition that is not there is none: nothing is said of it.
 * - `ids`: by `context.id`.
 * - `keys`: of `partition by`, the values of its keys, for each partition a list.
 * - `labels`: of categories.
 * - `hashes`: of `coalesce by`, the remainders, from 0.
 * - `levels`: of a nested context, for each of its levels, the outermost first, a selector of its own; several such lists
 *   mean what any of them means.
 * - a function: those for which it is true.
 */
export type PartitionSelector =
  | { readonly ids: readonly number[] }
  | { readonly keys: readonly (readonly unknown[])[] }
  | { readonly labels: readonly string[] }
  | { readonly hashes: readonly number[] }
  | { readonly levels: readonly (readonly PartitionSelector[])[] }
  | ((partition: ContextPartition) => boolean);
