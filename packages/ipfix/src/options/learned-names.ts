import type { Allowance } from '../message/allowance.ts';
import { learnEntry } from './learned-entries.ts';
import type { OptionsRecord } from './options-record.ts';

/** What an exporter calls itself, its interfaces and the applications it sees, of one observation domain. */
export interface LearnedNames {
  learn(record: OptionsRecord): void;
  /** `observationDomainName`. */
  exporterName(): string | undefined;
  /** `interfaceName`, or `interfaceDescription` where that is all there is, by SNMP index. */
  interfaceName(index: number): string | undefined;
  /** By `applicationId` in hexadecimal. */
  applicationName(applicationId: string): string | undefined;
}

/** Longest name that is taken, characters. */
const longestName = 255;

const isName = (name: string | null): name is string =>
  name !== null && name !== '' && name.length <= longestName;

export function createLearnedNames(entriesLeft: Allowance): LearnedNames {
  const interfaces = new Map<number, string>();
  const applications = new Map<string, string>();
  let exporter: string | undefined;

  function remember<K>(names: Map<K, string>, key: K | null, name: string | null): void {
    if (key !== null && isName(name)) learnEntry(names, key, name, entriesLeft);
  }

  return {
    learn(record) {
      const index = record.ingressInterface ?? record.egressInterface;
      remember(interfaces, index, record.interfaceName ?? record.interfaceDescription);
      const { applicationId } = record;
      const isId = applicationId !== null && applicationId.length <= longestName;
      remember(applications, isId ? applicationId : null, record.applicationName);
      if (isName(record.observationDomainName)) exporter = record.observationDomainName;
    },
    exporterName: () => exporter,
    interfaceName: (index) => interfaces.get(index),
    applicationName: (applicationId) => applications.get(applicationId),
  };
}
