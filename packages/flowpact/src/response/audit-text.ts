import { type AuditEntry, ruleText } from '@flowpact/response';

/** What an entry says, in a few words. */
export function auditText(entry: AuditEntry): string {
  switch (entry.kind) {
    case 'checkpoint':
      return `began a file of the log, ${entry.mitigations.length} open`;
    case 'proposed': {
      const { candidates, chosen } = entry.mitigation;
      const { rule, emitter } = candidates[chosen];
      return `proposed: ${ruleText(rule)} at ${emitter}`;
    }
    case 'turn':
      return entry.state;
    case 'approval':
      return `said yes to candidate ${entry.chosen + 1}`;
    case 'extended':
      return `extended to ${new Date(entry.untilMs).toISOString()}`;
    case 'mode':
      return `set the mode to ${entry.mode}`;
    case 'told':
      return `told the partner: ${entry.state}`;
    case 'stray':
      return `takes back what no mitigation accounts for: ${ruleText(entry.rule)} at ${entry.emitter}`;
    case 'refused':
      return `refused ${entry.count} of ${entry.partner}`;
    default:
      return entry satisfies never;
  }
}

/** The mitigation that an entry is about. */
export function auditedMitigation(entry: AuditEntry): string | undefined {
  if (entry.kind === 'proposed') return entry.mitigation.id;
  return 'mitigation' in entry ? entry.mitigation : undefined;
}

/** Why, where the entry says so. */
export const auditedReason = (entry: AuditEntry): string | undefined =>
  'why' in entry ? entry.why : undefined;
