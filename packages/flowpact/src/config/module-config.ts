import { z } from 'zod';
import { nameSchema, pathSchema } from './scalar-schemas.ts';

/** A file of EPL statements that flow records are given to. */
export const moduleConfigSchema = z.strictObject({
  file: pathSchema.meta({
    description:
      'The EPL file. `@flowpact/rules/multi-stage-http/multi-stage-http.epl` and its like are those that come with Flowpact.',
  }),
  name: nameSchema.optional().meta({
    description: 'Its name in logs, metrics and outputs; the file name without `.epl` where left out.',
  }),
  schema: z.string().min(1).default('Schema').meta({
    description: "The statement that declares the input's type and, by its tag `timestamp`, its time.",
  }),
  time: z
    .enum(['flows', 'now'])
    .default('flows')
    .meta({
      description:
        "`flows`: the engine's time is that of the flows. `now`: each flow is moved by as much as its message's export " +
        'time is behind the clock, for exporters with wrong clocks and for replays.',
    }),
});

export type ModuleConfig = z.infer<typeof moduleConfigSchema>;
