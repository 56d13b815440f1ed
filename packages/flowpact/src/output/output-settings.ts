import type { DocumentChoice } from './format/finding-document.ts';
import type { SyslogMessageConfig } from './format/syslog-message.ts';
import type { OutputTarget } from './output-target.ts';
import type { KafkaLogin } from './send/open-kafka-producer.ts';
import type { TlsFiles } from './send/tls-files.ts';
import type { FileSpoolConfig } from './spool/file-spool.ts';

/** All that an output is made of, with the files of the configuration read. It holds secrets: it is never printed. */
export interface OutputSettings {
  /** As it was written, for people; of a webhook, scheme, host and port only. */
  readonly to: string;
  /** What its spool and its counters are called. */
  readonly name: string;
  readonly target: OutputTarget;
  readonly choice: DocumentChoice;
  readonly tls: TlsFiles;
  /** With each HTTP request. */
  readonly authorization?: string;
  readonly elasticsearch: {
    /** Name of the index, with `%Y %m %d %H` (UTC) and `{what}`. */
    readonly index: string;
    readonly template: boolean;
  };
  readonly kafka: { readonly login?: KafkaLogin };
  readonly webhook: { readonly body: 'single' | 'batch'; readonly secret?: Buffer };
  readonly syslog: Omit<SyslogMessageConfig, 'processId'>;
  readonly spool: Pick<FileSpoolConfig, 'maxBytes' | 'syncAfterMs'>;
}

/** Whether what an output cannot deliver waits in a spool: not what is near, and not what never says whether it has it. */
export function isSpooled(target: OutputTarget): boolean {
  switch (target.kind) {
    case 'standardOutput':
    case 'file':
      return false;
    case 'lines':
      return target.transport === 'tcp' || target.transport === 'tls';
    case 'syslog':
      return target.transport !== 'udp';
    case 'elasticsearch':
    case 'kafka':
    case 'webhook':
      return true;
    default:
      return target satisfies never;
  }
}

/** A name for an output that was not given one: where it goes and what it gets, as a file may be called. */
export function defaultOutputName(to: string, what: DocumentChoice['what']): string {
  const stem =
    to === '-' ? 'standard-output' : to.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return `${stem.slice(0, 80)}-${what}`;
}
