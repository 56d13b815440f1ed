import { z } from 'zod';
import { lineSinkSyntax } from '../output/line-sink.ts';
import { pathSchema } from './scalar-schemas.ts';

/** Where JSON lines go. */
export const outputConfigSchema = z.strictObject({
  to: pathSchema.meta({
    description: `${lineSinkSyntax}. What is slow or away loses lines, which are counted.`,
  }),
  what: z.enum(['events', 'detections']).default('events').meta({
    description:
      '`events`: security events, which statements with `@SecurityEvent` make. `detections`: rows of statements.',
  }),
  statements: z
    .array(z.string().min(1))
    .max(1000)
    .optional()
    .meta({
      description:
        'Only these statements, as `NAME` or `MODULE/NAME`. Left out: every statement with `@SecurityEvent` for events; ' +
        '`Output`, or all that feed no other, for detections.',
    }),
});

export type OutputConfig = z.infer<typeof outputConfigSchema>;
