import { compileFilter, createAnonymiser, createTemplateFile } from '@flowpact/ipfix';
import { parseAnonymiseRules } from '../collect/anonymise-rule.ts';
import { type CollectionConfig, createCollection } from '../collect/collection.ts';
import { describeCollection } from '../collect/doctor.ts';
import { metricsText } from '../collect/metrics-text.ts';
import { parseSamplingRule } from '../collect/sampling-rule.ts';
import { serveMetrics } from '../collect/serve-metrics.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { defaultListenHost, type ListenOptions, listenConfig } from './collect-listen.ts';
import { type OutputOptions, openOutput } from './collect-output.ts';
import { interruptible } from './interrupt.ts';

export interface CollectOptions extends ListenOptions, OutputOptions {
  readonly read?: readonly string[];
  readonly biflow: 'fields' | 'flows';
  readonly sampling?: readonly string[];
  readonly filter?: string;
  readonly anonymise?: string;
  readonly anonymiseField?: readonly string[];
  readonly templates?: string;
  readonly doctor?: boolean;
  readonly metrics?: string;
  readonly quiet?: boolean;
}

export async function runCollect(options: CollectOptions): Promise<void> {
  const { read, tcp, udp, tls, quiet, doctor } = options;
  const listeners = [tcp, udp, tls].some((addresses) => addresses !== undefined);
  if (read === undefined && !listeners) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'nothing to collect from: give --read FILE, --tcp, --udp or --tls PORT',
    );
  }
  if (read !== undefined && listeners) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'give either files (--read) or listeners (--tcp, --udp, --tls), not both',
    );
  }
  const listen = listenConfig(options);
  const config = collectionConfig(options);
  const templateFile =
    options.templates === undefined
      ? undefined
      : createTemplateFile(
          { path: options.templates },
          { onError: ({ message, code }) => console.error(`flowpact: ${message} [${code}]`) },
        );
  await templateFile?.start();
  const output = await openOutput(options);
  const collection = createCollection(config, {
    output,
    ...(templateFile === undefined ? {} : { templateMemory: templateFile }),
  });
  try {
    const metrics =
      options.metrics === undefined
        ? undefined
        : await serveMetrics(parseHostPort(options.metrics, defaultListenHost), {
            text: () => metricsText(collection, output),
          });
    try {
      await interruptible((signal) =>
        read !== undefined ? collection.readFiles(read, signal) : collection.listen(listen, signal),
      );
    } finally {
      await metrics?.stop();
    }
  } finally {
    // Also where a listener could not be had: an open connection would keep the command from ending.
    await output.close();
    await templateFile?.stop();
  }
  collection.report(quiet ?? false);
  if (doctor) {
    for (const line of await describeCollection(collection, { outputDrops: output.dropped }))
      console.error(line);
  }
}

function collectionConfig(options: CollectOptions): CollectionConfig {
  const { biflow, sampling, filter, anonymise: keyFile, anonymiseField: rules } = options;
  const anonymised = keyFile !== undefined || rules !== undefined;
  return {
    biflow,
    ...(sampling === undefined ? {} : { sampling: parseSamplingRule(sampling) }),
    ...(filter === undefined ? {} : { filter: compileFilter(filter) }),
    ...(anonymised && {
      anonymiser: createAnonymiser({
        ...parseAnonymiseRules(rules ?? []),
        ...(keyFile !== undefined && { keyFile }),
      }),
    }),
  };
}
