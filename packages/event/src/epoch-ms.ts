import { z } from 'zod';

/** 0000-01-01T00:00:00Z and the last millisecond of the year 9999: what a time of four-digit years can say. */
const earliestMs = -62_167_219_200_000;
const latestMs = 253_402_300_799_999;

/** Milliseconds since 1970-01-01T00:00:00Z, whole, in the years 0000 to 9999. */
export const epochMsSchema = z.int().min(earliestMs).max(latestMs);
