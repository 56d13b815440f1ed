import type { Candidate, Mitigation, MitigationState } from '../mitigation/mitigation.ts';
import type { ResponseMode } from '../rails/rails-config.ts';

/** How a mitigation ends that is being taken back. */
export type End = 'expired' | 'withdrawn' | 'failed';

/** A mitigation as a checkpoint carries it. */
export interface KeptMitigation extends Mitigation {
  /** While it is being taken back. */
  readonly endsAs?: End;
  /** It is or was taken back because its event was not seen any more. */
  readonly isSilent?: boolean;
  /** How often its event has returned after that. */
  readonly returns?: number;
  /** From when on nobody need decide on it, milliseconds since 1970. */
  readonly actUntilMs?: number;
  /** The last state that the partner that asked was told of. */
  readonly told?: MitigationState;
}

/** What an entry says. */
export type AuditBody =
  | {
      /** At the head of each file: all that is still open, so that no file before it need be read to go on. */
      readonly kind: 'checkpoint';
      readonly mode: ResponseMode;
      /** Id of the next mitigation. */
      readonly nextId: number;
      readonly mitigations: readonly KeptMitigation[];
    }
  | { readonly kind: 'proposed'; readonly mitigation: KeptMitigation }
  | {
      readonly kind: 'turn';
      readonly mitigation: string;
      readonly state: MitigationState;
      readonly why?: string;
      readonly untilMs?: number;
      readonly endsAs?: End;
      readonly isSilent?: boolean;
    }
  | {
      readonly kind: 'approval';
      readonly mitigation: string;
      readonly chosen: number;
      readonly why?: string;
    }
  | {
      readonly kind: 'extended';
      readonly mitigation: string;
      readonly untilMs: number;
      readonly why?: string;
    }
  | { readonly kind: 'mode'; readonly mode: ResponseMode; readonly why?: string }
  | {
      /** The partner that asked has been told, as far as it is ours to say: the message is on its way. */
      readonly kind: 'told';
      readonly mitigation: string;
      readonly state: MitigationState;
    }
  | {
      /** A rule of ours that no mitigation accounts for; it is taken back. */
      readonly kind: 'stray';
      readonly emitter: string;
      readonly rule: Candidate['rule'];
    }
  | {
      /** Requests that were refused without a mitigation, so many since the last such entry of this partner. */
      readonly kind: 'refused';
      readonly partner: string;
      readonly count: number;
      /** Why the last of them was. */
      readonly why: string;
    };

/** Where an entry stands. */
export interface AuditPlace {
  /** 1, 2, 3, … without gaps, over all files. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** A person, a partner, or `flowpact`. */
  readonly who: string;
  /** Hash of the entry before it; 64 zeros in the very first one. */
  readonly previous: string;
  /** SHA-256, hexadecimal, of the entry's line without this member. */
  readonly hash: string;
}

export type AuditEntry = AuditPlace & AuditBody;

/** Names a state of the log: who keeps one elsewhere can tell that nothing up to it was changed or cut off. */
export interface AuditHead {
  /** Of the last entry; 0: there is none. */
  readonly number: number;
  readonly hash: string;
}

export const firstPrevious = '0'.repeat(64);
export const emptyHead: AuditHead = { number: 0, hash: firstPrevious };
