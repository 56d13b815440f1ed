import type { DecodeIssue } from './decode-issue.ts';
import type { MutableDecoderStats } from './decoder-stats.ts';
import type { ObservationDomain } from './observation-domain.ts';

/** Counts what is wrong, by reason, for the session and the domain concerned, and passes it on. */
export interface IssueLog {
  report(issue: DecodeIssue, domain?: ObservationDomain): void;
  malformedMessage(issue: DecodeIssue): void;
  malformedSet(issue: DecodeIssue, domain: ObservationDomain): void;
}

export function createIssueLog(stats: MutableDecoderStats, onIssue: (issue: DecodeIssue) => void): IssueLog {
  function report(issue: DecodeIssue, domain?: ObservationDomain): void {
    const { code } = issue;
    stats.issues[code] = (stats.issues[code] ?? 0) + 1;
    if (domain === undefined) {
      onIssue(issue);
      return;
    }
    domain.stats.issues[code] = (domain.stats.issues[code] ?? 0) + 1;
    onIssue({ ...issue, observationDomainId: domain.id });
  }

  return {
    report,
    malformedMessage(issue) {
      stats.malformedMessages++;
      report(issue);
    },
    malformedSet(issue, domain) {
      stats.malformedSets++;
      domain.stats.malformedSets++;
      report(issue, domain);
    },
  };
}
