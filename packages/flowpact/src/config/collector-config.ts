import { z } from 'zod';
import { pathSchema, socketUrlSchema } from './scalar-schemas.ts';

/** A port that flow records come in by. */
export const collectorConfigSchema = z
  .strictObject({
    listen: socketUrlSchema(['udp', 'tcp', 'tls']).meta({
      description:
        '`udp://HOST:PORT`, `tcp://HOST:PORT` or `tls://HOST:PORT`; NetFlow v5, v9 and IPFIX are told apart by themselves. ' +
        'Nobody outside this host is heard on 127.0.0.1.',
    }),
    receiveBufferBytes: z
      .int()
      .min(4096)
      .max(2 ** 30)
      .optional()
      .meta({ description: 'UDP: receive buffer asked of the system, octets; 4 MiB where left out.' }),
    maxSessions: z
      .int()
      .min(1)
      .max(65_536)
      .default(256)
      .meta({ description: 'Exporters heard at a time; more are turned away and counted.' }),
    keyFile: pathSchema.optional().meta({ description: 'TLS: our private key, PEM.' }),
    certificateFile: pathSchema
      .optional()
      .meta({ description: 'TLS: our certificate and those that lead to its authority, PEM.' }),
    authorityFile: pathSchema
      .optional()
      .meta({ description: 'TLS: authorities that exporters must have their certificates from, PEM.' }),
  })
  .check(({ value, issues }) => {
    const isTls = value.listen.startsWith('tls:');
    for (const key of ['keyFile', 'certificateFile'] as const) {
      if (isTls && value[key] === undefined) {
        issues.push({
          code: 'custom',
          message: `is needed to listen on ${value.listen}`,
          path: [key],
          input: value,
        });
      }
    }
    for (const key of ['keyFile', 'certificateFile', 'authorityFile'] as const) {
      if (!isTls && value[key] !== undefined) {
        issues.push({ code: 'custom', message: 'goes with tls:// only', path: [key], input: value });
      }
    }
  });

export type CollectorConfig = z.infer<typeof collectorConfigSchema>;
