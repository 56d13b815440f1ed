import { z } from 'zod';

/** Milliseconds since 1970, in the time of the flows. */
export const timeSchema = z.number();
export const countSchema = z.number().min(0);

/** The part of a list that is asked for, in requests for pages. */
export const pageQuery = {
  cursor: z
    .string()
    .max(1000)
    .optional()
    .describe('Where to go on: `next` of the page before; left out: the first page.'),
  limit: z.int().min(1).max(1000).default(100).describe('Items on a page, at most.'),
};

/** A span of time, in the time of the flows. */
export const spanQuery = {
  fromMs: z.int().min(0).optional().describe('Nothing before this, milliseconds since 1970.'),
  toMs: z.int().min(0).optional().describe('Nothing from this on, milliseconds since 1970.'),
};

/** How a line over time is divided. */
export const bucketsQuery = {
  buckets: z.int().min(1).max(1000).default(240).describe('Parts of equal length, at most.'),
};

/** One page: its items and, where there are more, what to ask for next. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item).readonly(),
    next: z.string().optional().describe('`cursor` of the next page; left out: this is the last.'),
  });
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}
