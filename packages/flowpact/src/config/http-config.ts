import { z } from 'zod';
import { isLoopback } from '../http/api/access.ts';
import { defaultApiLimits } from '../http/api/api-config.ts';
import { whoSchema } from '../http/api/schema/mitigation-schema.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { hostPortSchema, pathSchema } from './scalar-schemas.ts';

/** What is served over HTTP, and to whom. */
export const httpConfigSchema = z
  .strictObject({
    listen: hostPortSchema.default('127.0.0.1:4780').meta({
      description:
        'Where the page, the API, `/metrics` and `/healthz` are served, `HOST:PORT`. On a loopback address whoever is on this ' +
        'host may ask; on any other `tokenFile` or `people` is needed, and a proxy in front that speaks HTTPS is wanted.',
    }),
    enabled: z.boolean().default(true).meta({ description: 'Whether anything is served.' }),
    page: z.boolean().default(true).meta({ description: 'Whether the page is served beside the API.' }),
    tokenFile: pathSchema.optional().meta({
      description:
        'A file that only its owner may read, with a token of at least 16 characters: whoever asks has to send it, ' +
        '`Authorization: Bearer TOKEN`. `/healthz` alone is told without.',
    }),
    people: z
      .array(
        z.strictObject({
          name: whoSchema.meta({ description: 'As it stands in the audit log.' }),
          tokenFile: pathSchema.meta({ description: 'With their token, as in `tokenFile`.' }),
        }),
      )
      .max(100)
      .default([])
      .meta({
        description:
          'People with a token of their own, which does wherever the other one does. Where there are any, mitigations are ' +
          'approved, rejected, extended and taken back over HTTP by these people alone, each in their name; without, two ' +
          'people’s approval (`response.rails`) is not taken over HTTP, since the names would be mere words.',
      }),
    allowChanges: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether requests may change something: switch modules on and off.' }),
    hostNames: z
      .array(z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'a name of a host is wanted'))
      .max(16)
      .default([])
      .meta({
        description:
          'Names of this host that a proxy passes on in the header `Host`, on a loopback address without a token; others are ' +
          'refused, so that no page of the web can ask by a name that it has pointed here.',
      }),
    requestsPerSecond: z
      .int()
      .min(1)
      .max(100_000)
      .default(defaultApiLimits.requestsPerSecond)
      .meta({ description: 'Requests a second that one address may go on with.' }),
    burst: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(defaultApiLimits.burst)
      .meta({ description: 'Requests that one address may make at once.' }),
    maxStreams: z
      .int()
      .min(1)
      .max(10_000)
      .default(defaultApiLimits.maxStreams)
      .meta({ description: 'Pages that may be open at a time: each has a stream.' }),
  })
  .check(({ value, issues }) => {
    const { host } = parseHostPort(value.listen, '127.0.0.1');
    if (!value.enabled || value.tokenFile !== undefined || value.people.length > 0 || isLoopback(host))
      return;
    issues.push({
      code: 'custom',
      message: `must be a loopback address, since anybody could ask otherwise: 127.0.0.1:PORT or [::1]:PORT; for ${host} add \`tokenFile\``,
      path: ['listen'],
      input: value.listen,
    });
  })
  .meta({ description: 'The page, the API, health and counters.' });
