import { loadConfig } from '../config/load-config.ts';
import { checkPartners } from '../exchange/check-partners.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { type ListOptions, printList } from './print-table.ts';

interface ConfigOptions {
  readonly config: string;
}

export async function runPartnersList({ config, ...options }: ConfigOptions & ListOptions): Promise<void> {
  const { partners } = await loadConfig(config);
  printList(
    partners.map((each) => each.config),
    [
      { heading: 'NAME', text: ({ name }) => name },
      { heading: 'AS', text: ({ asn }) => (asn === undefined ? '' : String(asn)) },
      { heading: 'TRUST', text: ({ policy }) => policy?.trustLevel ?? 'low' },
      { heading: 'KEYS', text: ({ keys }) => String(keys.length) },
      { heading: 'LANGUAGES', text: ({ languages }) => languages.join(', ') },
      {
        heading: 'ROUTES',
        text: ({ routes }) => routes.map(({ transport, address }) => `${transport}:${address}`).join(', '),
      },
      { heading: 'ADDRESS SPACE', text: ({ addressSpace }) => addressSpace.join(', ') },
    ],
    options,
  );
}

export async function runPartnersCheck({
  config,
  offline = false,
}: ConfigOptions & { readonly offline?: boolean }): Promise<void> {
  const loaded = await loadConfig(config);
  if (loaded.config.exchange === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `${config} configures no exchange: add the key \`exchange\` to it`,
    );
  }
  let hasErrors = false;
  for (const { severity, about, message } of await checkPartners(loaded, { connect: !offline })) {
    hasErrors ||= severity === 'error';
    console.log(`${severity}: ${about}: ${message}`);
  }
  if (hasErrors) process.exitCode = 1;
  else console.log(`${loaded.partners.length} partners, nothing that would keep a message from them`);
}
