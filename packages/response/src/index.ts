export {
  type AuditBody,
  type AuditEntry,
  type AuditHead,
  type AuditPlace,
  type End,
  emptyHead,
  type KeptMitigation,
} from './audit/audit-entry.ts';
export type { AuditFault } from './audit/audit-line.ts';
export type { AuditAppend, AuditLog, OpenedAuditLog } from './audit/audit-log.ts';
export {
  createFileAuditLog,
  type FileAuditLogConfig,
  type FileAuditLogDeps,
} from './audit/file-audit-log.ts';
export { createMemoryAuditLog, type MemoryAuditLog } from './audit/memory-audit-log.ts';
export { type AuditPageQuery, readAuditEntries } from './audit/read-audit-entries.ts';
export {
  type AuditBreak,
  type AuditVerdict,
  type VerifyOptions,
  verifyAuditLog,
} from './audit/verify-audit-log.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  type CollateralConfig,
  type CollateralLimits,
  defaultCollateral,
} from './collateral/collateral-config.ts';
export type {
  CollateralReport,
  HitHost,
  TrafficShare,
  TrafficTotals,
} from './collateral/collateral-report.ts';
export type { FlowAspect, FlowReplay, FlowReplayQuery, TrafficFlow } from './collateral/flow-replay.ts';
export { createMemoryReplay, type TimedFlow } from './collateral/memory-replay.ts';
export { type BlackholeRoute, defaultBlackholeRoute } from './emitter/bgp/flow-specification.ts';
export {
  type BlockListEmitterConfig,
  createBlockListEmitter,
} from './emitter/block-list/block-list-emitter.ts';
export {
  createSuricataList,
  defaultSuricataList,
  type ListedRule,
  type ListFormat,
  type SuricataListConfig,
  textList,
} from './emitter/block-list/list-format.ts';
export type { ListIdentity } from './emitter/block-list/list-identity.ts';
export { createMispList } from './emitter/block-list/misp-list.ts';
export { createStixList } from './emitter/block-list/stix-list.ts';
export type { Emitter, EmitterKind, RuleInForce } from './emitter/emitter.ts';
export {
  type AgentServerConfig,
  createAgentServer,
  defaultAgentServer,
} from './emitter/exabgp/agent-server.ts';
export {
  createExabgpAgent,
  defaultExabgpAgent,
  type ExabgpAgent,
  type ExabgpAgentConfig,
} from './emitter/exabgp/exabgp-agent.ts';
export { createExabgpApi } from './emitter/exabgp/exabgp-api.ts';
export { createExabgpEmitter, type ExabgpEmitterConfig } from './emitter/exabgp/exabgp-emitter.ts';
export { createGobgpEmitter, type GobgpEmitterConfig } from './emitter/gobgp/gobgp-emitter.ts';
export { createKeptRulesFile, type KeptRule, type KeptRules } from './emitter/kept-rules.ts';
export { createMemoryEmitter, type MemoryEmitter } from './emitter/memory-emitter.ts';
export { createNftablesEmitter, type NftablesEmitterConfig } from './emitter/nftables/nftables-emitter.ts';
export { type ProgramCall, type RunProgram, runProgram } from './emitter/run-program.ts';
export { createWebhookEmitter, type WebhookEmitterConfig } from './emitter/webhook/webhook-emitter.ts';
export {
  type Candidate,
  isOfAlert,
  type Mitigation,
  type MitigationState,
  type MitigationTurn,
  mitigationStates,
  type Origin,
} from './mitigation/mitigation.ts';
export {
  chosenRuleText,
  collateralText,
  mitigationOutcome,
} from './mitigation/mitigation-outcome.ts';
export { createMitigator } from './mitigation/mitigator.ts';
export {
  defaultMitigatorLimits,
  type MitigatorConfig,
  type MitigatorDeps,
  type MitigatorLimits,
} from './mitigation/mitigator-config.ts';
export type { MitigationQuery, Mitigator, RequestingPartner } from './mitigation/mitigator-interface.ts';
export type { Plan, PlanMitigations, Trigger } from './mitigation/plan.ts';
export { createPlanner, type PlannerDeps } from './plan/create-planner.ts';
export { defaultPlanner, type PlannerConfig } from './plan/planner-config.ts';
export { checkPlaybook, type PlaybookSurroundings } from './playbook/check-playbook.ts';
export { chooseEntry, type Occasion } from './playbook/choose-entry.ts';
export type { Playbook, PlaybookEntry } from './playbook/playbook.ts';
export { guardEmitter } from './rails/guard-emitter.ts';
export type { GuardedEmitter, RuleOrder } from './rails/guarded-emitter.ts';
export type { HeldRule } from './rails/held-rule.ts';
export { createRails, type PassedRule, type Rails, type RailsDeps } from './rails/rails.ts';
export { defaultRails, type RailsConfig, type ResponseMode, responseModes } from './rails/rails-config.ts';
export { ResponseError, type ResponseErrorCode } from './response-error.ts';
export {
  aspectsOf,
  compileMatch,
  type Hit,
  type PacketTests,
  type ReadFlow,
  readFlow,
} from './rule/match-flow.ts';
export { normalMatch, normalRule } from './rule/normal-rule.ts';
export type { Rule, RuleAction, TcpFlags, TrafficMatch } from './rule/rule.ts';
export { ruleText } from './rule/rule-text.ts';
export { systemTimers, type Timers } from './timers.ts';
