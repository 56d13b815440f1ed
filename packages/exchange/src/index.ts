export { createAlerting } from './alerting/alerting.ts';
export type { AlertingConfig, AlertingDeps, AlertingLimits } from './alerting/alerting-config.ts';
export { defaultAlertingLimits } from './alerting/alerting-config.ts';
export type { AlertingEvent, Told } from './alerting/alerting-event.ts';
export type { Alerting, AlertingCounts } from './alerting/alerting-interface.ts';
export type { FlowArchive, FlowQuery, FoundFlows } from './archive/flow-archive.ts';
export { type Clock, systemClock } from './clock.ts';
export { flexCodec } from './codec/flex-codec.ts';
export { formatCodec } from './codec/format-codec.ts';
export type { LossReport, MessageCodec } from './codec/message-codec.ts';
export type {
  ConversationState,
  ConversationTurn,
  Delivery,
  RecordedMessage,
} from './conversation/conversation-state.ts';
export { createExchange } from './conversation/exchange.ts';
export {
  type Answer,
  type Decide,
  defaultExchangeLimits,
  type ExchangeConfig,
  type ExchangeDeps,
  type ExchangeLimits,
} from './conversation/exchange-config.ts';
export type { ExchangeEvent } from './conversation/exchange-event.ts';
export type { Exchange, Place, WriteOptions } from './conversation/exchange-interface.ts';
export type { FalsePositiveCount } from './conversation/false-positives.ts';
export { ExchangeError, type ExchangeErrorCode } from './exchange-error.ts';
export { createInvitation } from './invitation/create-invitation.ts';
export type { Invitation, InvitedNetwork } from './invitation/invitation.ts';
export {
  defaultInvitationLimits,
  type InvitationLimits,
  readInvitation,
} from './invitation/read-invitation.ts';
export type {
  DeadLetter,
  ExchangeJournal,
  InboxEntry,
  OutboxEntry,
  SendFailure,
} from './journal/exchange-journal.ts';
export { createFileJournal, type FileJournalConfig } from './journal/file-journal.ts';
export { defaultJournalLimits, type JournalLimits } from './journal/journal-limits.ts';
export { createMemoryJournal } from './journal/memory-journal.ts';
export { type MimeEntity, protectedEntity } from './mime/mime-entity.ts';
export { defaultMimeLimits, type MimeLimits } from './mime/mime-limits.ts';
export {
  type CompletePolicy,
  completePolicy,
  defaultFlowColumns,
  defaultPolicies,
} from './partner/default-policies.ts';
export type { Partner, PartnerRoute } from './partner/partner.ts';
export {
  type AddressAnonymisation,
  type AddressGroup,
  type AskPolicy,
  addressGroups,
  type DisclosedField,
  type Disclosure,
  disclosedFields,
  type FlowColumnName,
  type ForeignSpace,
  type PartnerPolicy,
  type RateLimit,
} from './partner/partner-policy.ts';
export { type TrustLevel, trustLevels } from './partner/trust-level.ts';
export { createPolicyDecide } from './policy/decide-by-policy.ts';
export type { Assessment, PolicyConfig, PolicyDeps, PolicyEvent } from './policy/policy-config.ts';
export type { RouteReason } from './routing/route-reason.ts';
export { type MessageSummary, type SummaryLimits, summarizeMessage } from './summary/message-summary.ts';
export { defaultImapLimits, type ImapLimits, type ImapMailboxConfig } from './transport/imap/imap-config.ts';
export type { ImapState } from './transport/imap/imap-receiver.ts';
export { createMemoryNetwork, type MemoryNetwork } from './transport/memory/memory-network.ts';
export { dnsResolver, type MailResolver } from './transport/smtp/mail-hosts.ts';
export {
  defaultSmtpListenLimits,
  type SmtpDirectConfig,
  type SmtpDkimConfig,
  type SmtpListenConfig,
  type SmtpListenLimits,
  type SmtpRelayConfig,
  type SmtpTransportConfig,
} from './transport/smtp/smtp-config.ts';
export {
  createSmtpTransport,
  type SmtpTransport,
  type SmtpTransportDeps,
} from './transport/smtp/smtp-transport.ts';
export {
  defaultStompLimits,
  type StompBroker,
  type StompLimits,
  type StompTransportConfig,
} from './transport/stomp/stomp-config.ts';
export {
  createStompTransport,
  type StompState,
  type StompTransport,
  type StompTransportDeps,
} from './transport/stomp/stomp-transport.ts';
export type {
  Attachment,
  DeliveryReport,
  IncomingDocument,
  OutgoingDocument,
  RefusedDocument,
  SendReceipt,
  Transport,
  TransportDeps,
  TransportFactory,
} from './transport/transport.ts';
export { createOpenPgpKey, type NewKey, type NewKeyConfig } from './trust/create-openpgp-key.ts';
export { createOpenPgpTrust } from './trust/openpgp-trust.ts';
export type { OpenedDocument, Proof, Trust } from './trust/trust.ts';
export {
  defaultTrustLimits,
  type OpenPgpTrustConfig,
  type PartnerKey,
  type PartnerKeys,
  type SecretKey,
  type TrustLimits,
} from './trust/trust-config.ts';
