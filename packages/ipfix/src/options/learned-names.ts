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

/** @param maxNames interfaces, and applications, that are remembered; further ones are not taken */
export function createLearnedNames(maxNames: number): LearnedNames {
  const interfaces = new Map<number, string>();
  const applications = new Map<string, string>();
  let exporter: string | undefined;

  function remember<K>(names: Map<K, string>, key: K | null, name: string | null): void {
    if (key === null || name === null || name === '') return;
    if (names.has(key) || names.size < maxNames) names.set(key, name);
  }

  return {
    learn(record) {
      const index = record.ingressInterface ?? record.egressInterface;
      remember(interfaces, index, record.interfaceName ?? record.interfaceDescription);
      remember(applications, record.applicationId, record.applicationName);
      exporter = record.observationDomainName ?? exporter;
    },
    exporterName: () => exporter,
    interfaceName: (index) => interfaces.get(index),
    applicationName: (applicationId) => applications.get(applicationId),
  };
}
