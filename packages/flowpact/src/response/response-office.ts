import type { Mitigation, MitigationState, ResponseMode } from '@flowpact/response';
import type { EmitterRules } from '../http/api/mitigation-source.ts';

/** What people may see and do of mitigations: in the daemon itself, or in a command that asks the daemon. */
export interface ResponseOffice {
  mode(): Promise<ResponseMode>;
  setMode(mode: ResponseMode, who: string, why?: string): Promise<void>;
  /** The latest first. */
  mitigations(states?: readonly MitigationState[]): Promise<readonly Mitigation[]>;
  mitigation(id: string): Promise<Mitigation | undefined>;
  approve(id: string, who: string, options?: { candidate?: number; why?: string }): Promise<Mitigation>;
  reject(id: string, who: string, why?: string): Promise<Mitigation>;
  extend(id: string, who: string, seconds: number, why?: string): Promise<Mitigation>;
  withdraw(id: string, who: string, why?: string): Promise<Mitigation>;
  /** @returns what was in force. */
  stopAll(who: string, why?: string): Promise<readonly Mitigation[]>;
  /** Asks every emitter. */
  inForce(): Promise<readonly EmitterRules[]>;
}
