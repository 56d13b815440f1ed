/**
 * How findings look as JSON. `native`: events as they are, rows in an envelope; `flowcep`: rows as espercli prints
 * them; `ecs`: events in the fields of the Elastic Common Schema.
 */
export const documentFormats = ['native', 'flowcep', 'ecs'] as const;
export type DocumentFormat = (typeof documentFormats)[number];
