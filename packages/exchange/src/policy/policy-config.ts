import type { Endpoint, Message, MessageRef, SecurityEvent } from '@flowpact/event';
import type { FlowArchive } from '../archive/flow-archive.ts';
import type { Clock } from '../clock.ts';
import type { Answer } from '../conversation/exchange-config.ts';
import type { Partner } from '../partner/partner.ts';

export interface PolicyConfig {
  /** Ourselves: our name, AS and address space. */
  readonly self: Pick<Partner, 'party' | 'addressSpace'>;
  readonly partners: readonly Partner[];
}

/** What the policy found before it asks for a decision. */
export interface Assessment {
  /** Of an alert: its addresses, where none of them is the sender's or ours. */
  readonly foreign: readonly Endpoint[];
}

export interface PolicyDeps {
  readonly clock: Clock;
  /** Where flows are looked for that a partner asks for. Left out: none are kept. */
  readonly archive?: FlowArchive;
  /** The event of an alert of ours, as in `Alerting`. Left out: partners get flows of their own address space alone. */
  readonly toldEvent?: (reference: MessageRef, partner: string) => SecurityEvent | undefined;
  /**
   * Decides on what the policy permits: the message has only the asks that it may have, and not `moreFlows`, which is
   * answered here. What is asked about addresses that are not the partner's own is permitted for the sake of the event's
   * targets, which are: it may touch traffic to these and no other. Left out: `received`.
   */
  readonly decide?: (
    message: Message,
    partner: Partner,
    assessment: Assessment,
  ) => Promise<Answer | undefined> | Answer | undefined;
  /** Whatever it throws is ignored. */
  readonly onEvent?: (event: PolicyEvent) => void;
}

/** For logs. */
export interface PolicyEvent {
  readonly atMs: number;
  /**
   * `refused`: answered `rejected`, in whole or in part; `marked`: decided on, although it concerns others; `failed`: the
   * archive did not answer.
   */
  readonly kind: 'refused' | 'marked' | 'failed';
  readonly partner: string;
  readonly reference: MessageRef;
  readonly reason: string;
}
