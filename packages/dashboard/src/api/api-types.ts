import type { MitigationSummary, ResponseStatus } from './response-types.ts';

/*
 * What the API answers, as far as the page reads it. `test/api/api-types.test.ts` holds it against the schemas of
 * packages/flowpact/src/http/api, which are the source.
 */

export type EventType =
  | 'cuC'
  | 'dDoS'
  | 'other'
  | 'scan'
  | 'bruteForce'
  | 'spam'
  | 'botInfection'
  | 'amplifier'
  | 'dataExfiltration';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}

/** Times are milliseconds since 1970, here and below. */
export interface Status {
  readonly version: string;
  readonly startedMs: number;
  readonly nowMs: number;
  /** How far the flows have come by their own time. */
  readonly trafficMs?: number | undefined;
  readonly note?: string | undefined;
  readonly flowsPerSecond: number;
  readonly octetsPerSecond: number;
  readonly detectionsPerSecond: number;
  readonly flows: number;
  readonly octets: number;
  readonly detections: number;
  readonly events: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly lostFlows: number;
  readonly exporters: number;
  readonly mayChange: boolean;
  /** Left out where no response is configured. */
  readonly response?: ResponseStatus | undefined;
}

export interface Traffic {
  readonly startMs: number;
  readonly bucketMs: number;
  readonly flows: readonly number[];
  readonly packets: readonly number[];
  readonly octets: readonly number[];
  readonly detections: readonly {
    readonly statement: string;
    readonly kind: string;
    readonly counts: readonly number[];
  }[];
}

export type Cell = string | number | boolean | null;

export interface Detection {
  readonly id: string;
  readonly timeMs: number;
  readonly module: string;
  readonly statement: string;
  readonly kind: EventType;
  readonly attacker?: string | undefined;
  readonly target?: string | undefined;
  readonly url?: string | undefined;
  readonly count?: number | undefined;
  readonly columns: Readonly<Record<string, Cell>>;
}

export interface DetectionSummary {
  readonly total: number;
  readonly byStatement: readonly {
    readonly statement: string;
    readonly kind: EventType;
    readonly count: number;
  }[];
  readonly byAttacker: readonly {
    readonly attacker: string;
    readonly count: number;
    readonly statements: readonly string[];
    readonly lastMs: number;
  }[];
  readonly scanners: readonly {
    readonly attacker: string;
    readonly count: number;
    readonly share: number;
  }[];
  readonly bruteForce: readonly {
    readonly attacker: string;
    readonly target: string;
    readonly url: string;
    readonly rows: number;
    readonly averageCount: number;
    readonly maximumCount: number;
  }[];
}

export interface EventSummary {
  readonly id: string;
  readonly type: EventType;
  readonly detectedMs: number;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly statement?: string | undefined;
  readonly severity?: 'info' | 'low' | 'medium' | 'high' | 'critical' | undefined;
  readonly confidence?: number | undefined;
  readonly tlp?: 'clear' | 'green' | 'amber' | 'amberStrict' | 'red' | undefined;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly targetCount: number;
  readonly text?: string | undefined;
  readonly flows: number;
}

export interface Reference {
  readonly sender: string;
  readonly id: string;
}

export interface Turn {
  readonly reference: Reference;
  readonly kind: 'alert' | 'request' | 'feedback';
  readonly direction: 'in' | 'out';
  readonly delivery?: 'pending' | 'sent' | 'failed' | undefined;
  readonly subject: string;
  readonly outcome?: { readonly status: string; readonly reason?: string | undefined } | undefined;
  readonly atMs: number;
}

export interface Conversation {
  readonly partner: string;
  readonly root: Reference;
  readonly status: 'open' | 'answered' | 'overdue' | 'withdrawn';
  readonly about: readonly string[];
  readonly turns: readonly Turn[];
  readonly droppedTurns: number;
}

export interface Partner {
  readonly name: string;
  readonly asn?: number | undefined;
  readonly contact?: string | undefined;
  readonly languages: readonly string[];
  readonly routes: readonly { readonly transport: string; readonly address: string }[];
  readonly addressSpace: readonly string[];
  readonly isSigned: boolean;
  readonly sent: number;
  readonly received: number;
  readonly waiting: number;
  readonly failed: number;
  readonly lastHeardMs?: number | undefined;
}

export interface Outbox {
  readonly waiting: number;
  readonly failed: number;
  readonly items: readonly {
    readonly reference: Reference;
    readonly partner: string;
    readonly language: string;
    readonly octets: number;
    readonly atMs: number;
    readonly state: 'waiting' | 'failed';
    readonly reason?: string | undefined;
  }[];
}

export interface Incident {
  readonly attacker: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly detections: number;
  readonly isCut: boolean;
  readonly stages: readonly {
    readonly statement: string;
    readonly module: string;
    readonly kind: EventType;
    readonly text: string;
    readonly rows: number;
    readonly timesMs: readonly number[];
    readonly maximumCount?: number | undefined;
  }[];
  readonly targets: readonly {
    readonly target: string;
    readonly rows: number;
    readonly statements: readonly string[];
    readonly urls: readonly string[];
  }[];
  readonly events: readonly EventSummary[];
  readonly conversations: readonly Conversation[];
  readonly evidence: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly Cell[])[];
    readonly total: number;
  };
}

export interface Flow {
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly source: string | null;
  readonly sourcePort: number | null;
  readonly destination: string | null;
  readonly destinationPort: number | null;
  readonly protocol: number | null;
  readonly tcpFlags: string | null;
  readonly packets: number | null;
  readonly octets: number | null;
  readonly url: string | null;
}

export interface TimeLine {
  readonly startMs: number;
  readonly bucketMs: number;
  readonly flows: readonly number[];
  readonly packets: readonly number[];
  readonly octets: readonly number[];
}

export interface Top {
  readonly by: readonly string[];
  readonly rows: readonly {
    readonly key: readonly (string | number | null)[];
    readonly flows: number;
    readonly packets: number;
    readonly octets: number;
  }[];
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}

export interface Exporter {
  readonly exporter: string;
  readonly isConnected: boolean;
  readonly sinceMs: number;
  readonly lastMessageMs?: number | undefined;
  readonly messages: number;
  readonly octets: number;
  readonly records: number;
  readonly templates: number;
  readonly lostRecords: number;
  readonly sequenceGaps: number;
  readonly lateMessages: number;
  readonly droppedDatagrams: number;
  readonly unknownTemplateSets: number;
  readonly parkedSets: number;
  readonly parkedOctets: number;
  readonly recoveredSets: number;
  readonly malformed: number;
  readonly domains: readonly {
    readonly observationDomainId: number;
    readonly version: number;
    readonly records: number;
    readonly lostRecords: number;
    readonly clockSkewMs?: number | undefined;
    readonly sampling: 'told' | 'configured' | 'unknown';
  }[];
  readonly issues: Readonly<Record<string, number>>;
}

export interface Module {
  readonly module: string;
  readonly isEnabled: boolean;
  readonly statements: readonly {
    readonly statement: string;
    readonly text: string;
    readonly insertsInto?: string | undefined;
    readonly eventType?: EventType | undefined;
    readonly isStopped: boolean;
    readonly eventsIn: number;
    readonly rows: number;
    readonly omittedRows: number;
    readonly errors: number;
    readonly retained: number;
    readonly timeSpentMs: number;
    readonly falsePositives: number;
    readonly lastRowMs?: number | undefined;
  }[];
}

export interface Tick {
  readonly status: Status;
  readonly detections: number;
  readonly sample: readonly Detection[];
  readonly events: readonly EventSummary[];
  readonly omittedEvents: number;
  readonly mitigations: readonly MitigationSummary[];
  readonly missedTicks: number;
}
