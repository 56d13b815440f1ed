import type { FlowLayout, FlowRow } from '@flowpact/event';

/** Which of the kept flows are wanted, in either direction. */
export interface FlowQuery {
  /** Networks (`192.0.2.0/24`, `2001:db8::1/128`): one end of the flow is in one of these, */
  readonly ends: readonly string[];
  /** and the other end in one of these; left out: anywhere. */
  readonly otherEnds?: readonly string[];
  /** The flow was seen at or after this, milliseconds since 1970. */
  readonly fromMs: number;
  /** And before this. */
  readonly toMs: number;
  /** Rows at most, the earliest first. */
  readonly limit: number;
}

export interface FoundFlows {
  readonly layout: FlowLayout;
  readonly rows: readonly FlowRow[];
  /** Not all that were looked for: there are more than the limit, or some of that time are not kept any more. */
  readonly isPartial: boolean;
}

/** The flows that are kept, to answer `moreFlows` from. Whatever it throws makes the answer `failed`. */
export interface FlowArchive {
  find(query: FlowQuery): Promise<FoundFlows>;
}
